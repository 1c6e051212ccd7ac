package search

import "time"

// DayNumber counts days from 1 January 1970 in the calendar that a date was
// written in: filters ask for the day on the clock of who deployed.
func DayNumber(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}
