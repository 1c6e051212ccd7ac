package main

import (
	"fmt"
	"time"
)

// How numbers are shown.

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func (t times) String() string { return fmt.Sprintf("%.1f / %.1f ms", t.median, t.p95) }

func kilobytes(bytes int64) string { return fmt.Sprintf("%.1f kB", float64(bytes)/1e3) }

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

func orNone(w weight) string {
	if w.plain == 0 {
		return "none"
	}
	return kilobytes(w.gzipped)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func percent(part, whole int) string {
	if whole == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
