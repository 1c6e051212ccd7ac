package watch

import "golang.org/x/sys/unix"

// remoteDisks are file systems whose files another machine can change without a
// notification.
var remoteDisks = map[int64]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "CIFS", unix.SMB2_SUPER_MAGIC: "SMB",
	unix.V9FS_MAGIC: "9P", unix.FUSE_SUPER_MAGIC: "FUSE", unix.AFS_SUPER_MAGIC: "AFS", unix.CODA_SUPER_MAGIC: "Coda",
	0x786f4256: "VirtualBox", // not in the headers
}

// remoteDisk names the file system of a folder if it is one of [remoteDisks], or "".
func remoteDisk(folder string) string {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return ""
	}
	return remoteDisks[int64(uint32(stat.Type))]
}
