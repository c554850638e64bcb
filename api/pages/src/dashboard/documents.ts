// Written by documents.mjs from operations.graphql.
export const WHO =
  "query Who{viewer{user{displayName}role organisation{names{en my th}}}resourceCentres(first:100 orderBy:[{field:CODE}]){nodes{code names{en my th}}}}"
export const LABELS =
  "query Labels($locale:Locale!$names:[String!]){enumLabels(locale:$locale names:$names){name values{code label}}}"
export const HEADLINE =
  "query Headline($where:VisitFilter){visitStatistics(where:$where){total{visits visitors firstVisits meanSatisfaction}}}"
export const COMPLAINTS =
  "query Complaints($where:ComplaintFilter){complaintStatistics(where:$where groupBy:[STATUS]){groupCount isPublished total{complaints recovered{amount currency}}groups{complaints atLeast share isSuppressed recovered{amount currency}key{status}}}}"
export const OVERDUE =
  "query Overdue($where:VisitFollowUpFilter){visitFollowUps(where:$where orderBy:[{field:NEEDED_BY}]first:20){totalCount nodes{id neededBy visit{ticket centre{code names{en my th}}}}}}"
export const BY_MONTH =
  "query ByMonth($where:VisitFilter$groupBy:[VisitDimension!]$bucket:DateBucket$first:Int){statistics:visitStatistics(where:$where groupBy:$groupBy bucket:$bucket first:$first){isPublished groupCount groups{...Counted key{channel}}}}fragment Counted on VisitGroup{visits atLeast share isSuppressed key{period{from label}}}"
export const BY_TOPIC =
  "query ByTopic($where:VisitFilter$groupBy:[VisitDimension!]$bucket:DateBucket$orderBy:GroupOrder$first:Int){statistics:visitStatistics(where:$where groupBy:$groupBy bucket:$bucket orderBy:$orderBy first:$first){isPublished groupCount groups{...Counted key{topics}}}}fragment Counted on VisitGroup{visits atLeast share isSuppressed key{period{from label}}}"
export const BY_PLACE =
  "query ByPlace($where:VisitFilter$groupBy:[VisitDimension!]$bucket:DateBucket$placeLevel:Int$orderBy:GroupOrder$first:Int){statistics:visitStatistics(where:$where groupBy:$groupBy bucket:$bucket placeLevel:$placeLevel orderBy:$orderBy first:$first){isPublished groupCount groups{...Counted key{homeTownship{pcode names{en my th}}}}}}fragment Counted on VisitGroup{visits atLeast share isSuppressed key{period{from label}}}"
export const BY_SEX_AND_AGE =
  "query BySexAndAge($where:VisitFilter$groupBy:[VisitDimension!]$bucket:DateBucket$ageScheme:AgeScheme$first:Int){statistics:visitStatistics(where:$where groupBy:$groupBy bucket:$bucket ageScheme:$ageScheme first:$first){isPublished groupCount groups{...Counted key{ageBand{label}sex}}}}fragment Counted on VisitGroup{visits atLeast share isSuppressed key{period{from label}}}"
export const BY_SEX =
  "query BySex($where:VisitFilter$groupBy:[VisitDimension!]$bucket:DateBucket$orderBy:GroupOrder$first:Int){statistics:visitStatistics(where:$where groupBy:$groupBy bucket:$bucket orderBy:$orderBy first:$first){isPublished groupCount groups{...Counted key{sex}}}}fragment Counted on VisitGroup{visits atLeast share isSuppressed key{period{from label}}}"
export const BY_AGE =
  "query ByAge($where:VisitFilter$groupBy:[VisitDimension!]$bucket:DateBucket$ageScheme:AgeScheme$orderBy:GroupOrder$first:Int){statistics:visitStatistics(where:$where groupBy:$groupBy bucket:$bucket ageScheme:$ageScheme orderBy:$orderBy first:$first){isPublished groupCount groups{...Counted key{ageBand{label}}}}}fragment Counted on VisitGroup{visits atLeast share isSuppressed key{period{from label}}}"
