//! Where an SQLite file may lie, and the lock that keeps other processes away from it.

use crate::CatalogError;
use std::fs::{File, TryLockError};
use std::path::Path;

/// The kinds of file systems that other machines serve, by the magic numbers of statfs(2): NFS, SMB (three
/// generations), AFS, Ceph, Lustre, GFS2 and OCFS2.
const REMOTE: &[u64] = &[
    0x6969,
    0x517b,
    0xff53_4d42,
    0xfe53_4d42,
    0x5346_414f,
    0x00c3_6400,
    0x0bd0_0bd0,
    0x0116_1970,
    0x7461_636f,
];

/// Takes the lock file beside the database. The kernel gives it back when the process ends, however it ends.
pub(crate) fn lock(path: &Path) -> Result<File, CatalogError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name)
        .map_err(CatalogError::engine)?;
    let system = rustix::fs::fstatfs(&file).map_err(CatalogError::engine)?;
    if is_remote(system.f_type.cast_unsigned()) {
        return Err(CatalogError::NetworkFileSystem);
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CatalogError::Locked),
        Err(TryLockError::Error(error)) => Err(CatalogError::engine(error)),
    }
}

/// Only 32 bits of the number count: some machines sign-extend them.
fn is_remote(kind: u64) -> bool {
    REMOTE.contains(&(kind & 0xffff_ffff))
}

#[cfg(test)]
mod tests {
    use super::is_remote;

    #[test]
    fn i32_network_file_systems_are_told_from_local_ones() {
        let (nfs, smb, smb_extended) = (0x6969, 0xfe53_4d42, 0xffff_ffff_fe53_4d42);
        assert!([nfs, smb, smb_extended].into_iter().all(is_remote));
        let (ext4, tmpfs, xfs, btrfs, overlay) = (0xef53, 0x0102_1994, 0x5846_5342, 0x9123_683e, 0x794c_7630);
        assert!(![ext4, tmpfs, xfs, btrfs, overlay].into_iter().any(is_remote));
    }
}
