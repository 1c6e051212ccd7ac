//go:build !unix

package rusage

import "os"

// PeakMemory returns 0: the system does not tell.
func PeakMemory(*os.ProcessState) int64 { return 0 }
