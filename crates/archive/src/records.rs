//! The records of a zip file, each citing its section of APPNOTE 6.3.10. Everything here is little-endian.
//! The dialect is narrow so that every reader agrees: no data descriptor, zip64 only where a field overflows.

use alloc::vec::Vec;

use crate::entry::{EntryKind, Method};
use crate::row::Row;
use crate::widths::widen;

/// A 32-bit field of this value, or one that would hold it or more, is found in a zip64 record instead (4.4.1.4).
const OVERFLOW_32: u64 = 0xFFFF_FFFF;
/// The same for the 16-bit entry counts of the end record.
const OVERFLOW_16: u64 = 0xFFFF;
/// Version needed to extract (4.4.3.2): folders and deflate.
const VERSION_PLAIN: u16 = 20;
/// Version needed to extract (4.4.3.2): zip64.
const VERSION_ZIP64: u16 = 45;
/// Version made by (4.4.2): Unix, so that the external attributes are a mode.
const MADE_BY_UNIX: u16 = (3 << 8) | VERSION_ZIP64;
/// General purpose bit 11 (4.4.4): the name is UTF-8.
const FLAG_UTF8: u16 = 1 << 11;
/// Header id and data length of the extended timestamp (4.6.1, 0x5455): flags and a time, 9 bytes in all.
const TIMESTAMP_LEN: u64 = 9;
/// External attributes (4.4.15) of a document: Unix mode 0100644.
const DOCUMENT_ATTRIBUTES: u32 = 0o100_644 << 16;
/// External attributes (4.4.15) of a folder: Unix mode 040755 and the MS-DOS directory bit.
const FOLDER_ATTRIBUTES: u32 = (0o040_755 << 16) | 0x10;

/// Bytes of [`write_local_header`].
pub(crate) fn local_header_len(row: &Row) -> u64 {
    let zip64 = if sizes_overflow(row) { 20 } else { 0 };
    30 + u64::from(row.name_len) + zip64 + timestamp_len(row)
}

/// Bytes of [`write_central_record`].
pub(crate) fn central_record_len(row: &Row, local_offset: u64) -> u64 {
    46 + u64::from(row.name_len) + central_zip64_len(row, local_offset) + timestamp_len(row)
}

/// Bytes of [`write_end_records`].
pub(crate) fn end_records_len(entry_count: u64, central_offset: u64, central_len: u64) -> u64 {
    if end_overflows(entry_count, central_offset, central_len) {
        56 + 20 + 22
    } else {
        22
    }
}

/// Local file header (4.3.7). With zip64 both sizes are in the extra field, as 4.5.3 asks (Z4b).
pub(crate) fn write_local_header(out: &mut Vec<u8>, row: &Row, name: &[u8]) {
    let zip64 = sizes_overflow(row);
    out.extend_from_slice(b"PK\x03\x04");
    put_u16(out, if zip64 { VERSION_ZIP64 } else { VERSION_PLAIN });
    write_shared_fields(out, row, name);
    for size in [row.stored_len, row.raw_len] {
        put_u32(out, if zip64 { u32::MAX } else { clip_32(size) });
    }
    put_u16(out, row.name_len);
    put_len_16(out, timestamp_len(row) + if zip64 { 20 } else { 0 });
    out.extend_from_slice(name);
    if zip64 {
        write_zip64_extra(out, &[Some(row.raw_len), Some(row.stored_len)]);
    }
    write_timestamp(out, row);
}

/// Central directory header (4.3.12). Its zip64 extra has only the fields that overflow, in the order of 4.5.3.
pub(crate) fn write_central_record(out: &mut Vec<u8>, row: &Row, name: &[u8], local_offset: u64) {
    let zip64_len = central_zip64_len(row, local_offset);
    out.extend_from_slice(b"PK\x01\x02");
    put_u16(out, MADE_BY_UNIX);
    put_u16(
        out,
        if zip64_len > 0 {
            VERSION_ZIP64
        } else {
            VERSION_PLAIN
        },
    );
    write_shared_fields(out, row, name);
    put_u32(out, clip_32(row.stored_len));
    put_u32(out, clip_32(row.raw_len));
    put_u16(out, row.name_len);
    put_len_16(out, timestamp_len(row) + zip64_len);
    // No comment (Z1), first disk, no internal attributes.
    out.extend_from_slice(&[0; 6]);
    put_u32(
        out,
        match row.kind {
            EntryKind::Document => DOCUMENT_ATTRIBUTES,
            EntryKind::Folder => FOLDER_ATTRIBUTES,
        },
    );
    put_u32(out, clip_32(local_offset));
    out.extend_from_slice(name);
    if zip64_len > 0 {
        write_zip64_extra(out, &[row.raw_len, row.stored_len, local_offset].map(overflowing));
    }
    write_timestamp(out, row);
}

/// End of central directory (4.3.16), preceded by its zip64 form (4.3.14) and locator (4.3.15) when a field
/// overflows; only the fields that do get the sentinel (Z4d).
pub(crate) fn write_end_records(out: &mut Vec<u8>, entry_count: u64, central_offset: u64, central_len: u64) {
    if end_overflows(entry_count, central_offset, central_len) {
        out.extend_from_slice(b"PK\x06\x06");
        put_u64(out, 56 - 12);
        put_u16(out, MADE_BY_UNIX);
        put_u16(out, VERSION_ZIP64);
        out.extend_from_slice(&[0; 8]);
        for field in [entry_count, entry_count, central_len, central_offset] {
            put_u64(out, field);
        }
        out.extend_from_slice(b"PK\x06\x07");
        put_u32(out, 0);
        put_u64(out, central_offset.saturating_add(central_len));
        put_u32(out, 1);
    }
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    put_len_16(out, entry_count);
    put_len_16(out, entry_count);
    put_u32(out, clip_32(central_len));
    put_u32(out, clip_32(central_offset));
    put_u16(out, 0);
}

/// Flags, method, time, date and CRC-32: the run of fields both headers have (Z3).
fn write_shared_fields(out: &mut Vec<u8>, row: &Row, name: &[u8]) {
    let (time, date) = dos_time(row.modified);
    put_u16(out, if name.is_ascii() { 0 } else { FLAG_UTF8 });
    put_u16(
        out,
        match row.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        },
    );
    put_u16(out, time);
    put_u16(out, date);
    put_u32(out, row.crc32);
}

/// Zip64 extended information (4.5.3), without the fields that are `None`.
fn write_zip64_extra(out: &mut Vec<u8>, fields: &[Option<u64>]) {
    put_u16(out, 0x0001);
    put_len_16(out, 8 * widen(fields.iter().flatten().count()));
    for field in fields.iter().flatten() {
        put_u64(out, *field);
    }
}

/// Extended timestamp (4.6.1, 0x5455): the modification time alone, the same in both headers (Z10).
fn write_timestamp(out: &mut Vec<u8>, row: &Row) {
    if let Ok(seconds) = i32::try_from(row.modified) {
        put_u16(out, 0x5455);
        put_u16(out, 5);
        out.push(1);
        out.extend_from_slice(&seconds.to_le_bytes());
    }
}

/// A time that the field's signed 32 bits cannot hold goes without the field rather than as a wrong time.
fn timestamp_len(row: &Row) -> u64 {
    if i32::try_from(row.modified).is_ok() {
        TIMESTAMP_LEN
    } else {
        0
    }
}

fn sizes_overflow(row: &Row) -> bool {
    row.raw_len >= OVERFLOW_32 || row.stored_len >= OVERFLOW_32
}

fn central_zip64_len(row: &Row, local_offset: u64) -> u64 {
    let field_count: u64 = [row.raw_len, row.stored_len, local_offset]
        .iter()
        .map(|field| u64::from(*field >= OVERFLOW_32))
        .sum();
    if field_count == 0 { 0 } else { 4 + 8 * field_count }
}

fn end_overflows(entry_count: u64, central_offset: u64, central_len: u64) -> bool {
    entry_count >= OVERFLOW_16 || central_offset >= OVERFLOW_32 || central_len >= OVERFLOW_32
}

fn overflowing(field: u64) -> Option<u64> {
    (field >= OVERFLOW_32).then_some(field)
}

/// MS-DOS time and date (4.4.6) of unix seconds, in UTC, clamped to 1980-01-01 … 2107-12-31 23:59:58 (Z10).
fn dos_time(modified: i64) -> (u16, u16) {
    const FIRST: i64 = 315_532_800;
    const LAST: i64 = 4_354_819_198;
    let seconds = modified.clamp(FIRST, LAST);
    let (day_number, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil_date(day_number);
    let time = (second / 3600) << 11 | (second / 60 % 60) << 5 | (second % 60 / 2);
    let date = (year - 1980) << 9 | month << 5 | day;
    (
        u16::try_from(time).unwrap_or(u16::MAX),
        u16::try_from(date).unwrap_or(u16::MAX),
    )
}

/// Year, month and day of a day number since 1970-01-01; right for every day from 1970 on. Counts in 400-year eras
/// of years that start on 1 March, so that the leap day is a year's last.
fn civil_date(day_number: i64) -> (i64, i64, i64) {
    let shifted = day_number + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The field itself, or the sentinel that sends readers to the zip64 field.
fn clip_32(field: u64) -> u32 {
    u32::try_from(field).unwrap_or(u32::MAX)
}

/// The field itself, or the sentinel 0xFFFF.
fn put_len_16(out: &mut Vec<u8>, field: u64) {
    put_u16(out, u16::try_from(field).unwrap_or(u16::MAX));
}

fn put_u16(out: &mut Vec<u8>, field: u16) {
    out.extend_from_slice(&field.to_le_bytes());
}

fn put_u32(out: &mut Vec<u8>, field: u32) {
    out.extend_from_slice(&field.to_le_bytes());
}

fn put_u64(out: &mut Vec<u8>, field: u64) {
    out.extend_from_slice(&field.to_le_bytes());
}
