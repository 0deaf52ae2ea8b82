//! A second zip writer, as plain as can be and sharing nothing with the first: the model that spliced bytes are
//! compared with. Content stays symbolic, so archives of many gigabytes can be compared too.

use holdall_archive::{Entry, EntryKind, Method, Piece, Plan, PlanBuilder, PlanError, ReadAt};

/// A stretch of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    Bytes(Vec<u8>),
    Content {
        entry: u64,
        key: [u8; 24],
        from: u64,
        to: u64,
    },
}

/// The whole archive, without empty stretches and without neighbours that could be one.
pub(crate) fn write_archive(entries: &[Entry]) -> Vec<Stretch> {
    let mut sorted: Vec<(String, &Entry)> =
        entries.iter().map(|entry| (written_name(entry), entry)).collect();
    sorted.sort_by(|left, right| left.0.as_bytes().cmp(right.0.as_bytes()));
    let mut archive = Vec::new();
    let mut central = Vec::new();
    let mut offset: u64 = 0;
    for (number, (name, entry)) in sorted.iter().enumerate() {
        let local = local_header(name, entry);
        central.extend(central_record(name, entry, offset));
        offset += local.len() as u64 + content_len(entry);
        push(&mut archive, Stretch::Bytes(local));
        let key = entry.content.0;
        push(
            &mut archive,
            Stretch::Content {
                entry: number as u64,
                key,
                from: 0,
                to: content_len(entry),
            },
        );
    }
    let tail = end_records(sorted.len() as u64, offset, central.len() as u64);
    push(&mut archive, Stretch::Bytes(central));
    push(&mut archive, Stretch::Bytes(tail));
    archive
}

/// The whole archive in memory, its content made up by [`content_bytes`].
pub(crate) fn write_bytes(entries: &[Entry]) -> Vec<u8> {
    write_archive(entries).iter().flat_map(bytes_of).collect()
}

/// Splices a range into the same form as [`write_archive`].
pub(crate) fn splice<S: ReadAt>(
    plan: &Plan<S>,
    range: std::ops::Range<u64>,
) -> Result<Vec<Stretch>, PlanError> {
    let mut stretches = Vec::new();
    for piece in plan.splice(range) {
        let stretch = match piece? {
            Piece::Literal(bytes) => Stretch::Bytes(bytes),
            Piece::Content {
                entry,
                key,
                stored_len,
                range,
            } => {
                assert!(
                    range.start < range.end && range.end <= stored_len,
                    "{range:?} of {stored_len}"
                );
                Stretch::Content {
                    entry,
                    key: key.0,
                    from: range.start,
                    to: range.end,
                }
            }
        };
        push(&mut stretches, stretch);
    }
    Ok(stretches)
}

/// Splices a range into bytes, its content made up by [`content_bytes`].
pub(crate) fn splice_bytes<S: ReadAt>(plan: &Plan<S>, range: std::ops::Range<u64>) -> Vec<u8> {
    splice(plan, range).unwrap().iter().flat_map(bytes_of).collect()
}

/// Builds the plan and opens it.
pub(crate) fn plan_of(entries: &[Entry]) -> Plan<Vec<u8>> {
    let mut builder = PlanBuilder::new();
    for entry in entries {
        builder.push(entry.clone()).unwrap();
    }
    let plan = builder.finish().unwrap();
    assert_eq!(plan.summary.plan_len, plan.bytes.len() as u64);
    Plan::open(plan.bytes).unwrap()
}

/// Made-up content: every byte depends on the key and its place.
pub(crate) fn content_bytes(key: &[u8; 24], from: u64, to: u64) -> Vec<u8> {
    (from..to)
        .map(|place| key[(place % 24) as usize] ^ (place.wrapping_mul(0x9E37_79B9) >> 16) as u8)
        .collect()
}

pub(crate) fn total_len(stretches: &[Stretch]) -> u64 {
    stretches
        .iter()
        .map(|stretch| match stretch {
            Stretch::Bytes(bytes) => bytes.len() as u64,
            Stretch::Content { from, to, .. } => to - from,
        })
        .sum()
}

fn bytes_of(stretch: &Stretch) -> Vec<u8> {
    match stretch {
        Stretch::Bytes(bytes) => bytes.clone(),
        Stretch::Content { key, from, to, .. } => content_bytes(key, *from, *to),
    }
}

fn push(stretches: &mut Vec<Stretch>, next: Stretch) {
    match (stretches.last_mut(), next) {
        (_, Stretch::Content { from, to, .. }) if from == to => {}
        (Some(Stretch::Bytes(bytes)), Stretch::Bytes(more)) => bytes.extend(more),
        (
            Some(Stretch::Content { entry, to, .. }),
            Stretch::Content {
                entry: next,
                from,
                to: next_to,
                ..
            },
        ) if *entry == next && *to == from => {
            *to = next_to;
        }
        (_, next) => stretches.push(next),
    }
}

fn written_name(entry: &Entry) -> String {
    let slash = if entry.kind == EntryKind::Folder { "/" } else { "" };
    format!("{}{slash}", entry.name)
}

fn content_len(entry: &Entry) -> u64 {
    if entry.raw_len == 0 { 0 } else { entry.stored_len }
}

fn le16(value: u64) -> [u8; 2] {
    u16::try_from(value).unwrap().to_le_bytes()
}

fn le32(value: u64) -> [u8; 4] {
    u32::try_from(value).unwrap().to_le_bytes()
}

fn local_header(name: &str, entry: &Entry) -> Vec<u8> {
    let big = entry.raw_len >= 0xFFFF_FFFF || content_len(entry) >= 0xFFFF_FFFF;
    let mut extra = Vec::new();
    if big {
        extra.extend([1, 0, 16, 0]);
        extra.extend(entry.raw_len.to_le_bytes());
        extra.extend(content_len(entry).to_le_bytes());
    }
    extra.extend(time_extra(entry.modified));
    let mut header = b"PK\x03\x04".to_vec();
    header.extend(le16(if big { 45 } else { 20 }));
    header.extend(middle(name, entry));
    header.extend(le32(if big { 0xFFFF_FFFF } else { content_len(entry) }));
    header.extend(le32(if big { 0xFFFF_FFFF } else { entry.raw_len }));
    header.extend(le16(name.len() as u64));
    header.extend(le16(extra.len() as u64));
    header.extend(name.as_bytes());
    header.extend(extra);
    header
}

fn central_record(name: &str, entry: &Entry, offset: u64) -> Vec<u8> {
    let mut wide = Vec::new();
    for field in [entry.raw_len, content_len(entry), offset] {
        if field >= 0xFFFF_FFFF {
            wide.extend(field.to_le_bytes());
        }
    }
    let mut extra = Vec::new();
    if !wide.is_empty() {
        extra.extend([1, 0]);
        extra.extend(le16(wide.len() as u64));
        extra.extend(&wide);
    }
    extra.extend(time_extra(entry.modified));
    let mut record = b"PK\x01\x02".to_vec();
    record.extend([45, 3]);
    record.extend(le16(if wide.is_empty() { 20 } else { 45 }));
    record.extend(middle(name, entry));
    record.extend(le32(content_len(entry).min(0xFFFF_FFFF)));
    record.extend(le32(entry.raw_len.min(0xFFFF_FFFF)));
    record.extend(le16(name.len() as u64));
    record.extend(le16(extra.len() as u64));
    record.extend([0, 0, 0, 0, 0, 0]);
    record.extend(le32(if entry.kind == EntryKind::Folder {
        0x41ED_0010
    } else {
        0x81A4_0000
    }));
    record.extend(le32(offset.min(0xFFFF_FFFF)));
    record.extend(name.as_bytes());
    record.extend(extra);
    record
}

fn end_records(count: u64, central_offset: u64, central_len: u64) -> Vec<u8> {
    let mut tail = Vec::new();
    if count >= 0xFFFF || central_offset >= 0xFFFF_FFFF || central_len >= 0xFFFF_FFFF {
        tail.extend(b"PK\x06\x06\x2C\0\0\0\0\0\0\0\x2D\x03\x2D\0\0\0\0\0\0\0\0\0");
        for field in [count, count, central_len, central_offset] {
            tail.extend(field.to_le_bytes());
        }
        tail.extend(b"PK\x06\x07\0\0\0\0");
        tail.extend((central_offset + central_len).to_le_bytes());
        tail.extend([1, 0, 0, 0]);
    }
    tail.extend(b"PK\x05\x06\0\0\0\0");
    tail.extend(le16(count.min(0xFFFF)));
    tail.extend(le16(count.min(0xFFFF)));
    tail.extend(le32(central_len.min(0xFFFF_FFFF)));
    tail.extend(le32(central_offset.min(0xFFFF_FFFF)));
    tail.extend([0, 0]);
    tail
}

/// Flags, method, time, date, CRC-32.
fn middle(name: &str, entry: &Entry) -> Vec<u8> {
    let deflated = entry.method == Method::Deflated && entry.raw_len > 0;
    let (time, date) = dos(entry.modified);
    let mut fields = vec![
        0,
        if name.is_ascii() { 0 } else { 8 },
        if deflated { 8 } else { 0 },
        0,
    ];
    fields.extend(le16(time));
    fields.extend(le16(date));
    fields.extend(entry.crc32.to_le_bytes());
    fields
}

fn time_extra(modified: i64) -> Vec<u8> {
    let Ok(seconds) = i32::try_from(modified) else {
        return Vec::new();
    };
    let mut extra = vec![0x55, 0x54, 5, 0, 1];
    extra.extend(seconds.to_le_bytes());
    extra
}

/// Counts years and months down one by one.
fn dos(modified: i64) -> (u64, u64) {
    let seconds = modified.clamp(315_532_800, 4_354_819_199).cast_unsigned();
    let mut days = seconds / 86_400;
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    for len in [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ] {
        if days < len {
            break;
        }
        days -= len;
        month += 1;
    }
    let second = seconds % 86_400;
    let time = second / 3600 * 2048 + second / 60 % 60 * 32 + second % 60 / 2;
    (time, (year - 1980) * 512 + month * 32 + days + 1)
}
