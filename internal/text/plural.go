package text

import "fmt"

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
