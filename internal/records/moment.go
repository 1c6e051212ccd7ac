package records

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Why a text is not a time.
var (
	errNoTime     = errors.New("is not a date or time")
	errNoSuchTime = errors.New("is an impossible date or time")
	errZone       = errors.New("has a time zone without a fixed offset")
)

// clockTime is a date, and perhaps a clock time, seconds and a zone, as people
// write it: "2024-08-31", "2024-08-31 14:30", "2024-08-31T14:30:10.5+02:00",
// "2024-08-31 14:30 CEST", "2024/08/31 2:30 pm UTC".
var clockTime = regexp.MustCompile(`(?i)^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})` +
	`(?:(?:[T\s]|\s+at\s+|,\s*)\s*(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]m)?\s*(Z|[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2})?|\(?[A-Z]{2,5}\)?)?)?$`)

// dayTime is a clock time alone: "14:30", "2:30 pm", "14:30:10".
var dayTime = regexp.MustCompile(`(?i)^(\d{1,2})[:h](\d{2})(?::(\d{2}))?\s*([ap]m)?$`)

// maxOffset is the greatest offset of a zone from UTC in seconds.
const maxOffset = 14 * 3600

// zones are the abbreviations that mean one offset, in hours. Others, such as
// CST and IST, mean several.
var zones = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
	"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9,
}

// ParseTime reads a date with or without a clock time, in the ways that people
// write them. A time without an offset is one of loc, nil being UTC.
func ParseTime(s string, loc *time.Location) (t time.Time, dateOnly bool, err error) {
	s = strings.TrimSpace(s)
	if t, ok := parseRFC3339(s); ok {
		return t, false, nil
	}
	m := clockTime.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false, errNoTime
	}
	if loc, err = zone(m[9], loc); err != nil {
		return time.Time{}, false, err
	}
	hour, err := hour24(m[4], m[8])
	if err != nil {
		return time.Time{}, false, err
	}
	year, month, day := atoi(m[1]), atoi(m[2]), atoi(m[3])
	nanos := atoi((m[7] + "000000000")[:9])
	t = time.Date(year, time.Month(month), day, hour, atoi(m[5]), atoi(m[6]), nanos, loc)
	if !sameClock(t, month, day, atoi(m[5]), atoi(m[6])) || year < 1970 {
		return time.Time{}, false, errNoSuchTime
	}
	return t, m[4] == "", nil
}

// hasZone tells whether a time says its offset.
func hasZone(s string) bool {
	s = strings.TrimSpace(s)
	if _, ok := parseRFC3339(s); ok {
		return true
	}
	m := clockTime.FindStringSubmatch(s)
	return m != nil && m[9] != ""
}

// parseRFC3339 is the quick way for times as they should be written. The zone
// is a fixed one: time.Parse takes that of the machine where it fits.
func parseRFC3339(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1970 {
		return time.Time{}, false
	}
	if _, seconds := t.Zone(); seconds == 0 {
		t = t.UTC()
	} else if max(seconds, -seconds) <= maxOffset {
		t = t.In(time.FixedZone("", seconds))
	} else {
		return time.Time{}, false
	}
	return t, true
}

// parseClock reads a clock time alone and puts it on the day of the given
// moment.
func parseClock(s string, day time.Time) (time.Time, bool) {
	m := dayTime.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return time.Time{}, false
	}
	hour, err := hour24(m[1], m[4])
	if err != nil || atoi(m[2]) > 59 || atoi(m[3]) > 59 {
		return time.Time{}, false
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, atoi(m[2]), atoi(m[3]), 0, day.Location()), true
}

// sameClock tells whether t shows what was written: time.Date turns
// 30 February into 1 March. The hour is left out: it may differ where clocks
// are put forward, and hour24 has checked it.
func sameClock(t time.Time, month, day, minute, second int) bool {
	return int(t.Month()) == month && t.Day() == day && minute <= 59 && second <= 59
}

func hour24(hour, half string) (int, error) {
	h := atoi(hour)
	switch {
	case half == "" && h <= 23:
		return h, nil
	case half != "" && h >= 1 && h <= 12:
		if strings.EqualFold(half, "pm") {
			return h%12 + 12, nil
		}
		return h % 12, nil
	}
	return 0, errNoSuchTime
}

// zone is the location for a zone as written, or loc where none is.
func zone(s string, loc *time.Location) (*time.Location, error) {
	if s == "" {
		if loc == nil {
			return time.UTC, nil
		}
		return loc, nil
	}
	name := strings.ToUpper(strings.Trim(s, "()"))
	if hours, ok := zones[name]; ok {
		if hours == 0 {
			return time.UTC, nil
		}
		return time.FixedZone(name, hours*3600), nil
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(name, "UTC"), "GMT")
	if digits[0] != '+' && digits[0] != '-' {
		return nil, errZone
	}
	return offset(digits[0] == '-', strings.ReplaceAll(digits[1:], ":", ""))
}

// offset reads "2", "02" and "0230", the offset of a zone from UTC.
func offset(west bool, digits string) (*time.Location, error) {
	seconds := atoi(digits[:min(2, len(digits))]) * 3600
	if len(digits) == 4 {
		seconds += atoi(digits[2:]) * 60
	}
	if seconds > maxOffset {
		return nil, errNoSuchTime
	}
	switch {
	case seconds == 0:
		return time.UTC, nil
	case west:
		seconds = -seconds
	}
	return time.FixedZone("", seconds), nil
}

// atoi reads digits that a regular expression has matched; none are 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

var (
	durationText = regexp.MustCompile(`(?i)^(?:(\d+)\s*(?:h|hrs?|hours?)[\s,]*(?:and\s+)?)?(?:(\d+)\s*(?:m|mins?|minutes?)[\s,]*(?:and\s+)?)?(?:(\d+)\s*(?:s|secs?|seconds?))?$`)
	durationTime = regexp.MustCompile(`^(\d+):(\d{2}):(\d{2})$`)
)

// ParseDuration reads an exact duration: "47 minutes", "1 h 20 min",
// "01:05:00". An estimate, such as "~40 minutes" or "37+ minutes (ongoing)",
// is none.
func ParseDuration(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	m := durationText.FindStringSubmatch(s)
	if m == nil {
		m = durationTime.FindStringSubmatch(s)
	}
	if m == nil || s == "" || len(s) > 40 {
		return 0, false
	}
	d := time.Duration(atoi(m[1]))*time.Hour + time.Duration(atoi(m[2]))*time.Minute + time.Duration(atoi(m[3]))*time.Second
	return d, d > 0 && d < 366*24*time.Hour
}
