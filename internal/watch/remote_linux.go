package watch

import "golang.org/x/sys/unix"

// remoteDisks are file systems whose files can be changed by another machine, of
// which the system tells nothing.
var remoteDisks = map[int64]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "CIFS", unix.SMB2_SUPER_MAGIC: "SMB",
	unix.V9FS_MAGIC: "9P", unix.FUSE_SUPER_MAGIC: "FUSE", unix.AFS_SUPER_MAGIC: "AFS", unix.CODA_SUPER_MAGIC: "Coda",
	0x786f4256: "VirtualBox", // not in the headers
}

// remoteDisk names the kind of a folder's file system, where that can be changed
// by others unseen, or "".
func remoteDisk(folder string) string {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return ""
	}
	return remoteDisks[int64(uint32(stat.Type))]
}
