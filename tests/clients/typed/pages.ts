// What the pages say of the answers they read, held against what the schema says of them: compiled, never run.
import type { Viewer as Who, Centre, FollowUp, Place, Row } from '../../../api/pages/src/reception/core/types';
import type { CentresQuery, DoneMutationVariables, DueQuery, FindQuery, PlacesQuery, SendMutation, TodayQuery, WhoQuery } from './made/reception';
import type { ByPlaceQuery, HeadlineQuery } from './made/dashboard';
import type { VisitRecordMutationVariables } from './made/examples';

export const centres = (answer: CentresQuery): Centre[] => answer.resourceCentres?.nodes ?? [];
export const places = (answer: PlacesQuery): Place[] => answer.locations?.nodes ?? [];
export const today = (answer: TodayQuery): Row[] => answer.visits?.nodes ?? [];
export const found = (answer: FindQuery): Row[] => answer.visits?.nodes ?? [];
export const due = (answer: DueQuery): FollowUp[] => answer.visitFollowUps?.nodes ?? [];
export const permissions = (answer: WhoQuery): Who['permissions'] => answer.viewer.permissions;
export const outcomes = (answer: SendMutation): string[] => answer.visitsRecord.results.map(({ outcome }) => outcome);
export const done = (visitFollowUp: string): DoneMutationVariables => ({ input: { idempotencyKey: 'k', visitFollowUp, expectedVersion: 1, outcome: '' } });
export const satisfaction = (answer: HeadlineQuery): number | null => answer.visitStatistics.total.meanSatisfaction ?? null;
export const pcodes = (answer: ByPlaceQuery) => answer.statistics.groups.map(({ key }) => key.homeTownship?.pcode);
export const day = (variables: VisitRecordMutationVariables): string => variables.input.visitedOn;

// A wrong name and a wrong type are noticed.
// @ts-expect-error
export const none = (answer: TodayQuery) => answer.visits?.nodes[0]?.nickname;
// @ts-expect-error
export const number: number = ({} as VisitRecordMutationVariables).input.visitedOn;
