package text

import (
	"fmt"
	"time"
)

// Count is a number and its noun: "1 step", "3 steps".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// CountIs is a number, its noun and the verb: "1 step is", "3 steps are".
func CountIs(n int, noun string) string { return Count(n, noun) + " " + Is(n) }

// Is is the verb that goes with a number of things.
func Is(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Age says how long something takes or is ago: "47 min", "1 h", "1 h 5 min" or "3 days".
// It is cut, not rounded.
func Age(d time.Duration) string {
	minutes := int(d / time.Minute)
	switch hours := minutes / 60; {
	case minutes == 0:
		return "under 1 min"
	case hours >= 48:
		return fmt.Sprintf("%d days", hours/24)
	case hours > 0 && minutes%60 == 0:
		return fmt.Sprintf("%d h", hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	}
	return fmt.Sprintf("%d min", minutes)
}
