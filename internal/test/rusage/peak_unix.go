//go:build unix

package rusage

import (
	"os"
	"runtime"
	"syscall"
)

// PeakMemory returns the most memory that the process had resident, in bytes.
func PeakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) * 1024 // Linux and the BSDs count in kilobytes
}
