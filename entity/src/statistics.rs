//! How statistics are cut: spans of time, schemes of ages, orders of groups. No table holds them.

use crate::code::code;

code! {
    /// A span of the calendar.
    pub enum DateBucket {
        /// A month.
        Month = "MONTH",
        /// Three months from January, April, July or October.
        Quarter = "QUARTER",
        /// A year from January.
        Year = "YEAR",
    }
}

impl DateBucket {
    /// How many months it spans.
    pub fn months(self) -> i64 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

code! {
    /// A named way to cut ages into bands.
    pub enum AgeScheme {
        /// 0 to 17, 18 and over. Source: Convention on the Rights of the Child.
        ChildAdult = "CHILD_ADULT",
        /// 0 to 5, 6 to 11, 12 to 14, 15 to 17, 18 and over. Source: child-protection case management (Primero).
        ChildProtection = "CHILD_PROTECTION",
        /// 0 to 4, 5 to 11, 12 to 17, 18 to 59, 60 and over. Source: UNHCR.
        Unhcr = "UNHCR",
        /// 0 to 14, 15 to 17, 18 to 24, 25 to 34, 35 to 44, 45 to 59, 60 and over: the ages of work. Source: proposed, configurable, after the International Labour Organization.
        WorkingAge = "WORKING_AGE",
    }
}

impl AgeScheme {
    /// The first age of each band, in years, from the youngest; a band ends before the next begins.
    pub fn starts(self) -> &'static [i32] {
        match self {
            Self::ChildAdult => &[0, 18],
            Self::ChildProtection => &[0, 6, 12, 15, 18],
            Self::Unhcr => &[0, 5, 12, 18, 60],
            Self::WorkingAge => &[0, 15, 18, 25, 35, 45, 60],
        }
    }
}

code! {
    /// What groups of a statistic are ordered by.
    pub enum GroupOrder {
        /// By their keys, in the order of `groupBy`: time forward, codes as their list has them, what is unknown last.
        Key = "KEY",
        /// The greatest count first.
        Count = "COUNT",
    }
}
