package main

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

var errNoTime = errors.New("is no time that exists")

// startTime reads the value of --at: a clock time of today, a date with clock
// time, or RFC 3339. Without an offset it is read on the clock of now's zone.
// "" is now.
func startTime(at string, now time.Time) (time.Time, error) {
	if at == "" {
		return now, nil
	}
	moment, err := readTime(at, now)
	if _, unread := records.ParseTime(moment.Format(time.RFC3339), time.UTC); err == nil && unread != nil {
		err = fmt.Errorf("--at %s: no record is read with that time; it must be from 1970 to 9999", at)
	}
	return moment, err
}

func readTime(at string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		return t, nil
	}
	if t, err := time.Parse("15:04", at); err == nil {
		return onClock(now.Year(), now.Month(), now.Day(), t, now.Location())
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, at); err == nil {
			return onClock(t.Year(), t.Month(), t.Day(), t, now.Location())
		}
	}
	if _, err := time.Parse(time.DateOnly, at); err == nil {
		return time.Time{}, fmt.Errorf("--at %s is a day without an hour; write \"%s 14:30\"", at, at)
	}
	return time.Time{}, fmt.Errorf("--at %q %w; write 14:30, \"2024-08-31 14:30\" or 2024-08-31T14:30:00+02:00", at, errNoTime)
}

// pastTime reads the value of --at where it cannot be in the future: a clock time that
// has not come yet today is yesterday's, as "23:50" is at half past midnight.
func pastTime(at string, now time.Time) (time.Time, error) {
	moment, err := startTime(at, now)
	if _, noClock := time.Parse("15:04", at); noClock == nil && notYet(at, moment, now) != nil {
		moment, err = startTime(at, now.AddDate(0, 0, -1))
	}
	return moment, cmp.Or(err, notYet(at, moment, now))
}

// aMoment is how far two clocks may differ.
const aMoment = 5 * time.Minute

func notYet(at string, moment, now time.Time) error {
	if moment.After(now.Add(aMoment)) {
		return fmt.Errorf("--at %s has not come yet", at)
	}
	return nil
}

// onClock is the moment at which the clocks of a zone show the time of day of t.
// In spring there is an hour that they never show.
func onClock(year int, month time.Month, day int, t time.Time, zone *time.Location) (time.Time, error) {
	moment := time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), 0, zone)
	if moment.Hour() != t.Hour() || moment.Minute() != t.Minute() {
		return time.Time{}, fmt.Errorf("--at: on %s there is no %s in the zone %s, the clocks are put forward; give the time with its offset, such as %s",
			moment.Format(time.DateOnly), t.Format("15:04"), zone, moment.Format(time.RFC3339))
	}
	return moment, nil
}
