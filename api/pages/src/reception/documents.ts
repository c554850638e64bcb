// Written by documents.mjs from operations.graphql.
export const WHO =
  "query Who{viewer{user{displayName}role organisation{names{en}}permissions}}"
export const CENTRES =
  "query Centres{resourceCentres(first:100 orderBy:[{field:CODE}]){nodes{id code isActive names{en my th}}}}"
export const PLACES =
  "query Places($after:String){locations(first:100 after:$after where:{kind:{eq:TOWNSHIP}}orderBy:[{field:PCODE}]){nodes{pcode names{en my th}}pageInfo{hasNextPage endCursor}}}"
export const TODAY =
  "query Today($day:Date!){visits(first:100 where:{visitedOn:{eq:$day}}orderBy:[{field:CREATED_AT direction:DESC}]){nodes{...Row}}}fragment Row on Visit{id ticket visitedOn channel createdAt visitorKind sex ageYears topics services needsFollowUp person{id fullName}}"
export const FIND =
  "query Find($text:String!){visits(first:10 where:{or:[{ticket:{startsWith:$text}}{person:{is:{fullName:{startsWith:$text}}}}]}orderBy:[{field:VISITED_ON direction:DESC}]){nodes{...Row homeTownship{pcode}destination sector disability displacement}}persons:people(first:10 where:{fullName:{startsWith:$text}}){nodes{id fullName sex ageYears}}}fragment Row on Visit{id ticket visitedOn channel createdAt visitorKind sex ageYears topics services needsFollowUp person{id fullName}}"
export const THERE =
  "query There($id:ID!){visit(id:$id){...Row rowVersion isFirst minutes callKind destination sector heardThrough signs documentsGiven satisfaction note disability displacement ageGroup washingtonGroup{seeing hearing walking remembering selfCare communicating}homeTownship{pcode}centre{id}}}fragment Row on Visit{id ticket visitedOn channel createdAt visitorKind sex ageYears topics services needsFollowUp person{id fullName}}"
export const CHANGE =
  "mutation Change($input:VisitChangeInput!){visitChange(input:$input){visit{id}userErrors{code message field}}}"
export const DUE =
  "query Due($day:Date!){visitFollowUps(first:50 where:{doneOn:{isNull:true}neededBy:{lte:$day}}orderBy:[{field:NEEDED_BY}]){nodes{id rowVersion neededBy isOverdue purpose visit{id ticket person{fullName}}}}}"
export const DONE =
  "mutation Done($input:VisitFollowUpCompleteInput!){visitFollowUpComplete(input:$input){followUp{id}userErrors{code message field}}}"
export const SEND =
  "mutation Send($input:VisitsRecordInput!){visitsRecord(input:$input){results{index outcome userErrors{code message field}}userErrors{code message field}}}"
