//! CONTRACT section 11.3 row by row, and the resolver against one written without regard to speed.

use super::{Facts, ItemFacts, Office};
use holdall_catalog::access::{Principal, ScopeEntry};
use holdall_model::{GroupId, LibraryId, Right, ScopeId, UserId};
use proptest::collection::{btree_map, hash_set};
use proptest::prelude::*;
use std::collections::BTreeMap;

const KIM: UserId = UserId(100);
const OTHER: UserId = UserId(101);
const LIBRARY: LibraryId = LibraryId(1);
const STAFF: GroupId = GroupId(100);
const EDITORS: GroupId = GroupId(101);
const BOARD: GroupId = GroupId(102);

/// A case, who Kim is, who owns the item, its list, and Kim's right.
type Case = (&'static str, Facts, UserId, &'static str, Right);

fn stranger() -> Facts {
    Facts {
        enabled: true,
        groups: [STAFF].into(),
        ..Facts::default()
    }
}

fn member() -> Facts {
    Facts {
        member_of: [LIBRARY].into(),
        groups: [STAFF, EDITORS].into(),
        ..stranger()
    }
}

fn manager() -> Facts {
    Facts {
        manager_of: [LIBRARY].into(),
        ..member()
    }
}

fn in_office(office: Office) -> Facts {
    Facts { office, ..stranger() }
}

fn open(facts: Facts) -> Facts {
    Facts {
        anonymous: [LIBRARY].into(),
        ..facts
    }
}

fn read_only(facts: Facts) -> Facts {
    Facts {
        read_only: true,
        ..facts
    }
}

fn disabled(facts: Facts) -> Facts {
    Facts {
        enabled: false,
        ..facts
    }
}

/// The list that a text stands for: `m2` is Read for members; a, s, e, b, k and o are Anonymous, Staff, Editors, Board, Kim and
/// somebody other.
fn list(text: &str) -> Vec<ScopeEntry> {
    let entry = |word: &str| {
        let principal = match word.as_bytes()[0] {
            b'a' => Principal::Anonymous,
            b'm' => Principal::Members,
            b's' => Principal::Group(STAFF),
            b'e' => Principal::Group(EDITORS),
            b'b' => Principal::Group(BOARD),
            b'k' => Principal::User(KIM),
            _ => Principal::User(OTHER),
        };
        ScopeEntry {
            principal,
            right: Right::clamped(word[1..].parse().unwrap()),
        }
    };
    text.split_whitespace().map(entry).collect()
}

fn right(facts: &Facts, owner: UserId, entries: &[ScopeEntry]) -> Right {
    let item = ItemFacts {
        library: LIBRARY,
        scope: ScopeId(1),
        owner,
    };
    facts
        .right_without_list(KIM, item)
        .unwrap_or_else(|| facts.right_by_list(KIM, LIBRARY, entries))
}

fn check(cases: &[Case]) {
    for (case, facts, owner, text, expected) in cases {
        assert_eq!(right(facts, *owner, &list(text)), *expected, "{case}");
    }
}

#[test]
fn l8_row_1_the_whole_house() {
    let built_in = in_office(Office::BuiltInAdministrator);
    check(&[
        (
            "the built-in administrator may all",
            built_in.clone(),
            OTHER,
            "",
            Right::FullControl,
        ),
        (
            "a disabled one nothing",
            disabled(built_in),
            OTHER,
            "m6",
            Right::NoAccess,
        ),
        (
            "others get nothing by that",
            in_office(Office::Administrator),
            OTHER,
            "m6 k6",
            Right::NoAccess,
        ),
        (
            "a disabled member may do nothing",
            disabled(member()),
            KIM,
            "m6",
            Right::NoAccess,
        ),
        (
            "a disabled manager neither",
            disabled(manager()),
            OTHER,
            "m6",
            Right::NoAccess,
        ),
    ]);
}

#[test]
fn l8_row_2_strangers() {
    check(&[
        ("get nothing", stranger(), OTHER, "a6 m6 s6 k6", Right::NoAccess),
        ("own nothing", stranger(), KIM, "a6 m6 s6 k6", Right::NoAccess),
        (
            "in an open library are Anonymous",
            open(stranger()),
            KIM,
            "a2 k6 s6 m6",
            Right::Read,
        ),
        (
            "get nothing without that entry",
            open(stranger()),
            OTHER,
            "m2",
            Right::NoAccess,
        ),
    ]);
}

#[test]
fn l8_rows_3_to_5_managers_owners_and_single_users() {
    check(&[
        ("a manager controls", manager(), OTHER, "k0", Right::FullControl),
        ("an owner controls", member(), KIM, "k0", Right::FullControl),
        (
            "an entry for the user beats stronger groups",
            member(),
            OTHER,
            "k1 m5",
            Right::List,
        ),
        ("and weaker ones", member(), OTHER, "k5 m2", Right::Change),
        ("zero excludes", member(), OTHER, "k0 m2 s6", Right::NoAccess),
        (
            "somebody other's entry is none",
            member(),
            OTHER,
            "o6 m2",
            Right::Read,
        ),
    ]);
}

#[test]
fn l8_row_6_the_strongest_of_all_groups() {
    check(&[
        ("nothing without an entry", member(), OTHER, "", Right::NoAccess),
        ("the strongest counts", member(), OTHER, "s2 e5", Right::Change),
        (
            "zero for a group does not deny",
            member(),
            OTHER,
            "s0 m2",
            Right::Read,
        ),
        ("Add alone does not read", member(), OTHER, "m3", Right::Add),
        (
            "Add and Read from two sides do both",
            member(),
            OTHER,
            "s3 m2",
            Right::AddRead,
        ),
        (
            "groups that one is not in do not count",
            member(),
            OTHER,
            "b6",
            Right::NoAccess,
        ),
        (
            "Anonymous is a floor in open libraries",
            open(member()),
            OTHER,
            "a2",
            Right::Read,
        ),
        ("and nothing in others", member(), OTHER, "a2", Right::NoAccess),
    ]);
}

#[test]
fn l8_row_7_read_only_users_read_at_most() {
    check(&[
        (
            "whatever the list says",
            read_only(member()),
            OTHER,
            "m6",
            Right::Read,
        ),
        (
            "also by an entry of their own",
            read_only(member()),
            OTHER,
            "k5",
            Right::Read,
        ),
        (
            "also what is their own",
            read_only(member()),
            KIM,
            "",
            Right::Read,
        ),
        ("also as manager", read_only(manager()), OTHER, "", Right::Read),
        (
            "also as stranger",
            read_only(open(stranger())),
            OTHER,
            "a6",
            Right::Read,
        ),
        (
            "Add leaves them List",
            read_only(member()),
            OTHER,
            "m3",
            Right::List,
        ),
        ("List stays List", read_only(member()), OTHER, "m1", Right::List),
    ]);
}

/// What a right allows, one by one: list, read, create, change, control.
type Allowed = [bool; 5];

fn allowed(right: Right) -> Allowed {
    [
        right.lists(),
        right.reads(),
        right.creates(),
        right.changes(),
        right.controls(),
    ]
}

/// Section 11.3 once more, in terms of what is allowed instead of rights.
fn naive(facts: &Facts, owner: UserId, entries: &BTreeMap<Principal, Right>) -> Allowed {
    if !facts.enabled {
        return [false; 5];
    }
    let built_in = facts.office == Office::BuiltInAdministrator;
    let granted = |principal| entries.get(&principal).copied().map_or([false; 5], allowed);
    let anonymous = if facts.anonymous.contains(&LIBRARY) {
        granted(Principal::Anonymous)
    } else {
        [false; 5]
    };
    let mut result = if built_in {
        [true; 5]
    } else if !facts.member_of.contains(&LIBRARY) {
        anonymous
    } else if facts.manager_of.contains(&LIBRARY) || owner == KIM {
        [true; 5]
    } else if entries.contains_key(&Principal::User(KIM)) {
        granted(Principal::User(KIM))
    } else {
        let groups = facts.groups.iter().map(|group| granted(Principal::Group(*group)));
        let all = groups.chain([granted(Principal::Members), anonymous]);
        all.fold([false; 5], |one, other| {
            std::array::from_fn(|index| one[index] || other[index])
        })
    };
    if facts.read_only && !built_in || facts.archived.contains(&LIBRARY) {
        result = [result[0], result[1], false, false, false];
    }
    result
}

fn any_right() -> impl Strategy<Value = Right> {
    proptest::sample::select(Right::ALL.to_vec())
}

fn any_principal() -> impl Strategy<Value = Principal> {
    prop_oneof![
        Just(Principal::Anonymous),
        Just(Principal::Members),
        (100_i64..103).prop_map(|group| Principal::Group(GroupId(group))),
        (100_i64..102).prop_map(|user| Principal::User(UserId(user))),
    ]
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let libraries = || hash_set((1_i64..3).prop_map(LibraryId), 0..3);
    let groups = hash_set((100_i64..103).prop_map(GroupId), 0..4);
    let office = prop_oneof![
        8 => Just(Office::None),
        2 => Just(Office::Administrator),
        1 => Just(Office::BuiltInAdministrator),
    ];
    let whole = (prop::bool::weighted(0.9), prop::bool::weighted(0.3), office);
    let archived = hash_set((1_i64..6).prop_map(LibraryId), 0..2);
    (whole, groups, libraries(), libraries(), libraries(), archived).prop_map(
        |((enabled, read_only, office), groups, member_of, managed, anonymous, archived)| {
            let manager_of = managed.intersection(&member_of).copied().collect();
            Facts {
                enabled,
                read_only,
                office,
                groups,
                member_of,
                manager_of,
                anonymous,
                archived,
            }
        },
    )
}

proptest! {
    #[test]
    fn l8_rights_are_those_of_the_naive_model(
        facts in any_facts(),
        owner in (100_i64..102).prop_map(UserId),
        entries in btree_map(any_principal(), any_right(), 0..6),
    ) {
        let list: Vec<ScopeEntry> =
            entries.iter().map(|(&principal, &right)| ScopeEntry { principal, right }).collect();
        let found = right(&facts, owner, &list);
        prop_assert_eq!(allowed(found), naive(&facts, owner, &entries));
        let document = allowed(found.on_document());
        prop_assert_eq!(document[1], allowed(found)[1]);
        prop_assert_eq!(document[4], allowed(found)[4]);
    }
}
