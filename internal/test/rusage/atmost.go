package rusage

import (
	"runtime"
	"testing"
)

// AtMost fails the test if a process had more than limit bytes resident. It holds
// where memory is counted as on Linux, and says so where it is not.
func AtMost(t *testing.T, what string, peak, limit int64) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skipf("SKIPPED, memory is measured on Linux: %s", what)
	}
	t.Logf("%s: %d MB", what, peak/1e6)
	if peak == 0 || peak > limit {
		t.Errorf("%s: %d MB were resident, want at most %d MB", what, peak/1e6, limit/1e6)
	}
}
