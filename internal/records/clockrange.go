package records

import (
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/deploysite/deploysite/internal/text"
)

// A timeRange is a value that tells start and end: "2025-10-09 02:00–04:45 UTC".
type timeRange struct {
	start, end string        // each as if it stood alone
	took       time.Duration // where the zone has no fixed offset: the day and this are all that is known
}

const (
	aClock = `\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?`
	aZone  = `Z|[+-]\d{2}:?\d{2}|(?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?|[A-Z]{2,5}`
)

var (
	// rangeSign is between start and end. A hyphen is one as well, where it begins no offset.
	rangeSign = `(?:\s*(?:[–—−〜~→/-]|->|から|至|到)\s*|\s+` + untilWords + `\s+(?:` + articles + `\s+)?)`
	atClock   = `(?:` + atWords + `\s+)?`
	// clocks matches a range of clock times, with or without days: day, clock, zone, and the same of the end.
	clocks = text.Pattern(`(?i)^(?:(.*\d[T,日]?)(?:\s*,?\s+|[T日]\s*)` + atClock + `)?(` + aClock + `)\s*(?-i:\(?(` + aZone + `)\)?)?` + rangeSign +
		`(?:(.*?\d[T,日]?)(?:\s*,?\s+|[T日]\s*)` + atClock + `)?(` + aClock + `)\s*(?-i:\(?(` + aZone + `)\)?)?$`)
	betweenDays = text.Pattern(`(?i)` + rangeSign)
	// daysOfMonth match "August 6-11, 2024" and "6.–11. August 2024".
	daysOfMonth = text.Pattern(`^(\pL+\.?)\s+(\d{1,2})\s*[–—-]\s*(\d{1,2}),?\s+(\d{4})$|^(\d{1,2}\.?)\s*[–—-]\s*(\d{1,2}\.?)\s+(\pL.*\d{4})$`)

	// wordBefore stands before the first time, and is no part of it.
	wordBefore = text.Pattern(`(?i)(^|,?\s+)` + fromWords + `\s+(?:las\s+)?(\d)`)
	// fullHour is one without minutes: "2 PM", "22 Uhr"; "22h" is one in a range only.
	fullHour  = text.Pattern(`(?i)(^|[^\d:.])(\d{1,2})\s*(?:([ap])\.?m\b\.?|Uhr(?:\s+(\d{2})\b)?)`)
	fullHourH = text.Pattern(`(?i)(^|[^\d:.])(\d{1,2})\s?h\b`)
	// bareHour is the one before such: "2–4 PM".
	bareHour = text.Pattern(`(?i)(^|[\s,])(\d{1,2})(\s*[–—-]\s*|\s+(?:to|bis)\s+)(\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m|Uhr)\b)`)
	// halfDay is "2:00 p.m." in another spelling, and hourH "22h30".
	halfDay = text.Pattern(`(?i)\s*\b([ap])\.m\.?`)
	hourH   = text.Pattern(`(?i)\b(\d{1,2})\s?h\s?(\d{2})\b`)
	// nextDay says of the end what its clock time says as well.
	nextDay        = text.Pattern(`(?i)翌日?|\s*(?:\((?:\+1\s*d?(?:ay)?|` + nextDayWords + `)\)|\+1\s*d(?:ay)?\b|,?\s*next day)`)
	behindDay      = text.Pattern(`日\s*(\d)`)
	zoneInBrackets = text.Pattern(`[(（]((?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2})[)）]`)
	// localTime is said of a time without a zone.
	localTime = text.Pattern(`(?i)\s*(?:\(` + localWords + `\)|local time$)`)
	// remark is a duration or the like behind a range.
	remark = text.Pattern(`^(.*\d.*?)\s*\(([^()]+)\)$`)
	// gluedHyphen matches "2025-10-09 09:00-10:00", of which nobody knows whether 10:00 is the end or the zone.
	gluedHyphen = text.Pattern(`^(?:(.*\d)[\s,]+)?(\d{1,2}:\d{2})-((\d{2}):(\d{2}))$`)
	// clockSpan matches the range of clock times that a text begins with.
	clockSpan = text.Pattern(`(?i)^` + rawClock + rangeSign + `(?:\d{1,2}[:h]\d{2}|\d{1,2}(?:\s*[ap]\.?m\b|\s*Uhr\b))(?:\s*[ap]\.?m\b\.?)?(?:\s*Uhr\b)?`)
)

const rawClock = `\d{1,2}(?:[:h]\d{2}(?::\d{2})?)?(?:\s*[ap]\.?m\.?)?(?:\s*Uhr)?`

// ErrOffsetOrEnd is of "09:00-10:00", where 10:00 may be the end or the zone.
var ErrOffsetOrEnd = errors.New("may be a range or a time with an offset from UTC")

// ClockSpan is the range of clock times that a text begins with, "" where there is none.
func ClockSpan(s string) string { return clockSpan().FindString(s) }

// ParseSpan reads a day with a range of clock times, and the zone behind it, if any.
func ParseSpan(s string, loc *time.Location) (start, end Moment, err error) {
	if _, ok := mayBeOffset(s); ok {
		return start, end, ErrOffsetOrEnd
	}
	r, ok := parseRange(s)
	if !ok || r.took > 0 {
		return start, end, errNoTime
	}
	if start, err = anyTime(r.start, loc); err != nil {
		return start, end, err
	}
	if end, ok = parseClock(r.end, start.Time); !ok {
		return start, end, errNoTime
	}
	if end.Time.Before(start.Time) {
		end.Time = end.Time.AddDate(0, 0, 1)
	}
	if end.Time.Sub(start.Time) > maxOvernight && end.Time.YearDay() != start.Time.YearDay() {
		return start, end, errNoTime
	}
	return start, end, nil
}

// parseRange reads a range of times. One whose end is before its start is over midnight.
func parseRange(value string) (r timeRange, ok bool) {
	if m := remark().FindStringSubmatch(value); m != nil {
		if d, isDuration := ParseDuration(m[2]); isDuration {
			r, ok = parseRange(m[1])
			return r, ok && (clockDistance(r) == 0 || clockDistance(r) == d)
		}
	}
	s := fullHourH().ReplaceAllString(plainClock(value), "$1$2:00")
	if m := daysOfMonth().FindStringSubmatch(s); m != nil {
		if m[1] != "" {
			return timeRange{start: m[1] + " " + m[2] + ", " + m[4], end: m[1] + " " + m[3] + ", " + m[4]}, true
		}
		return timeRange{start: m[5] + " " + m[7], end: m[6] + " " + m[7]}, true
	}
	m := clocks().FindStringSubmatch(s)
	if m == nil {
		return daysOf(s)
	}
	day, start, zoneThen, lastDay, end, zoneNow := m[1], m[2], m[3], m[4], m[5], m[6]
	if zoneThen == "" {
		zoneThen = zoneNow
	} else if zoneNow == "" {
		zoneNow = zoneThen
	}
	start = withHalf(start, end)
	r.start = strings.TrimSpace(day + " " + start + " " + zoneThen)
	if _, err := zone(zoneThen, nil); err != nil && lastDay == "" && zoneThen == zoneNow {
		r.took = clockDistance(timeRange{start: start, end: end})
		return r, true
	}
	r.end = strings.TrimSpace(lastDay + " " + end + " " + zoneNow)
	return r, isTime(r.start) && isTime(r.end)
}

// plainClock is a value with clock times in one form, without the words around them.
func plainClock(s string) string {
	s = koreanDay().ReplaceAllString(s, "$1年$2月$3日")
	s = eastern.Replace(eastClock().ReplaceAllString(width.Fold.String(trimMarks(s)), " $1:$2"))
	s = zoneInBrackets().ReplaceAllString(behindDay().ReplaceAllString(s, "日 $1"), "$1")
	s = hourH().ReplaceAllString(halfDay().ReplaceAllString(s, " ${1}m"), "$1:$2")
	s = bareHour().ReplaceAllString(s, "$1$2:00$3$4")
	s = fullHour().ReplaceAllStringFunc(s, func(hour string) string {
		m := fullHour().FindStringSubmatch(hour)
		minutes, half := m[4], m[3]
		if minutes == "" {
			minutes = "00"
		}
		if half != "" {
			half = " " + half + "m"
		}
		return m[1] + m[2] + ":" + minutes + half
	})
	s = localTime().ReplaceAllString(s, "")
	s = strings.ReplaceAll(nextDay().ReplaceAllString(s, ""), " Uhr", "")
	s = strings.TrimSuffix(wordBefore().ReplaceAllString(s, "$1$2"), "まで")
	return strings.TrimSpace(weekdayWithin().ReplaceAllString(s, ""))
}

// koreanDay is "2025년 5월 15일".
var koreanDay = text.Pattern(`(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일`)

// weekdayWithin is a name of a day in parentheses: "2025-10-09 (Thu)".
var weekdayWithin = text.Pattern(`(?i)\s*\(` + weekdayWords + `\w*\.?\)`)

// daysOf reads two days: "2024-08-06 to 2024-08-11".
func daysOf(s string) (timeRange, bool) {
	for _, at := range betweenDays().FindAllStringIndex(s, 10) {
		if r := (timeRange{start: s[:at[0]], end: s[at[1]:]}); isDayAlone(r.start) && isDayAlone(r.end) {
			return r, true
		}
	}
	return timeRange{}, false
}

// isTime reports whether a value is a clock time or a day.
func isTime(s string) bool {
	if dayTime().MatchString(s) {
		return true
	}
	_, err := anyTime(s, time.UTC)
	return err == nil
}

func isDayAlone(s string) bool {
	m, err := anyTime(s, time.UTC)
	return err == nil && m.DateOnly && m.Local // two zones may tell one moment: "10 Feb (PST) / 11 Feb (UTC)"
}

// withHalf is the start's clock time with the half of the day that only the end has. "11:00
// – 1:30 pm" begins before noon.
func withHalf(start, end string) string {
	half := strings.ToLower(end[max(0, len(end)-2):])
	if half != "am" && half != "pm" || strings.HasSuffix(strings.ToLower(start), "m") {
		return start
	}
	other := map[string]string{"am": "pm", "pm": "am"}
	if a, ok := parseClock(start+" "+half, time.Time{}); ok {
		if b, ok := parseClock(end, time.Time{}); ok && a.Time.After(b.Time) {
			return start + " " + other[half]
		}
	}
	return start + " " + half
}

// clockDistance is how long a range of two clock times is, 0 where a zone or a day may
// differ.
func clockDistance(r timeRange) time.Duration {
	m := clocks().FindStringSubmatch(r.start + " – " + r.end)
	if m == nil || m[4] != "" {
		return r.took
	}
	a, ok := parseClock(m[2], time.Time{})
	b, also := parseClock(m[5], time.Time{})
	if !ok || !also || m[3] != m[6] {
		return 0
	}
	return (b.Time.Sub(a.Time) + 24*time.Hour) % (24 * time.Hour)
}

// mayBeOffset reports whether a value ends in a hyphen and an hour that may be a zone's
// offset as well as the end. It gives the day before it. Of "-04:45" there is no zone,
// and "14:30-05:00" would last all night.
func mayBeOffset(value string) (day string, ok bool) {
	m := gluedHyphen().FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	hour := atoi(m[4])
	isOffset := m[5] == "00" && hour <= 12 || m[5] == "30" && slices.Contains([]int{2, 3, 4, 9}, hour)
	return m[1], isOffset && clockDistance(timeRange{start: m[2], end: m[3]}) <= maxOvernight
}
