// Values of the API's closed lists, in the order in which a desk needs them.
export const CODES = {
  VisitorKind: ['ASPIRANT', 'CURRENT_MIGRANT', 'RETURNEE', 'FAMILY_MEMBER', 'IDP', 'EMPLOYER', 'OFFICIAL', 'OTHER'],
  VisitChannel: ['WALK_IN', 'PHONE', 'ONLINE', 'OUTREACH', 'MOBILE_CLINIC', 'GROUP_SESSION'],
  Sex: ['FEMALE', 'MALE', 'OTHER', 'UNKNOWN', 'REFUSED'],
  AgeGroup: ['AGE_0_TO_4', 'AGE_5_TO_11', 'AGE_12_TO_17', 'AGE_18_TO_59', 'AGE_60_AND_OVER'],
  Difficulty: ['NO_DIFFICULTY', 'SOME_DIFFICULTY', 'A_LOT_OF_DIFFICULTY', 'CANNOT_DO_AT_ALL'],
  VisitTopic: [
    'LEGAL_CHANNELS_AND_MOU', 'PASSPORTS_DOCUMENTS', 'AGENCY_VERIFICATION', 'COSTS_AND_FEES', 'CONTRACT_TERMS',
    'DESTINATION_LAW_AND_RIGHTS', 'REMITTANCES', 'HEALTH', 'SOCIAL_SECURITY', 'TRAFFICKING_RISK', 'RETURN_REINTEGRATION',
    'COMPLAINT_PROCEDURE', 'SKILLS_AND_LOCAL_JOBS', 'FORCED_MARRIAGE', 'OTHER',
  ],
  VisitService: [
    'INFORMATION', 'COUNSELLING', 'DOCUMENT_HELP', 'PRE_DEPARTURE_TRAINING', 'SKILLS_TRAINING_REFERRAL', 'JOB_MATCHING',
    'LEGAL_AID', 'COMPLAINT_SUPPORT', 'PSYCHOSOCIAL', 'EMERGENCY_ASSISTANCE', 'SHELTER_REFERRAL', 'TRAFFICKING_SCREENING',
    'REPATRIATION_SUPPORT',
  ],
  CallKind: ['NEW_REFERRAL_ACTION_NEEDED', 'NEW_REFERRAL_NO_ACTION', 'UPDATE', 'COUNSELLING', 'SEEKING_INFORMATION', 'SPAM', 'WRONG_NUMBER'],
  HeardThrough: ['RADIO', 'TRAINING', 'CSO', 'PUSH_MESSAGE', 'FRIEND', 'LEAFLET', 'SOCIAL_MEDIA', 'OTHER'],
  Answer: ['YES', 'NO', 'UNKNOWN', 'REFUSED'],
  DisplacementStatus: ['RESIDENT', 'IDP', 'REFUGEE', 'STATELESS_PERSON', 'RETURNEE', 'FOREIGN_NATIONAL', 'ASYLUM_SEEKER', 'UNKNOWN', 'REFUSED'],
  IsicSection: [
    'A_AGRICULTURE_FORESTRY_FISHING', 'B_MINING', 'C_MANUFACTURING', 'D_ELECTRICITY_GAS', 'E_WATER_WASTE', 'F_CONSTRUCTION',
    'G_TRADE_REPAIR', 'H_TRANSPORT_STORAGE', 'I_ACCOMMODATION_FOOD', 'J_INFORMATION', 'K_FINANCE', 'L_REAL_ESTATE',
    'M_PROFESSIONAL', 'N_ADMINISTRATIVE', 'O_PUBLIC_ADMINISTRATION', 'P_EDUCATION', 'Q_HEALTH_SOCIAL', 'R_ARTS_RECREATION',
    'S_OTHER_SERVICES', 'T_HOUSEHOLDS_AS_EMPLOYERS', 'U_EXTRATERRITORIAL',
  ],
  ForcedLabourSign: [
    'ABUSE_OF_VULNERABILITY', 'DECEPTION', 'RESTRICTION_OF_MOVEMENT', 'ISOLATION', 'PHYSICAL_AND_SEXUAL_VIOLENCE',
    'INTIMIDATION_AND_THREATS', 'RETENTION_OF_IDENTITY_DOCUMENTS', 'WITHHOLDING_OF_WAGES', 'DEBT_BONDAGE',
    'ABUSIVE_WORKING_AND_LIVING_CONDITIONS', 'EXCESSIVE_OVERTIME',
  ],
} as const

export type List = keyof typeof CODES

/** Which list a field of the input takes its values from. */
export const LIST_OF: Record<string, List> = {
  channel: 'VisitChannel', visitorKind: 'VisitorKind', sex: 'Sex', ageGroup: 'AgeGroup', topics: 'VisitTopic', services: 'VisitService',
  signs: 'ForcedLabourSign', callKind: 'CallKind', heardThrough: 'HeardThrough', disability: 'Answer',
  displacement: 'DisplacementStatus', sector: 'IsicSection',
}

/** The questions of the Washington Group's short set, in its order. */
export const QUESTIONS = ['seeing', 'hearing', 'walking', 'remembering', 'selfCare', 'communicating'] as const

/** Destinations offered, by how often people from these borders go there. Names come from the browser. */
export const DESTINATIONS = ['TH', 'CN', 'MY', 'SG', 'JP', 'KR', 'IN', 'LA', 'KH', 'VN', 'TW', 'AE', 'QA', 'SA', 'KW', 'JO', 'BN', 'MV']
