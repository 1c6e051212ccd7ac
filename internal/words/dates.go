package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Dates and durations are messages too. Each language uses those of a fixed list of
// values that it needs.

var (
	dateFields = []string{"year", "month", "month-short", "month-number", "month-padded", "day", "day-padded", "weekday", "weekday-short",
		"hour", "hour-12", "am-pm", "minute", "date", "quarter"}
	durationFields = []string{"days", "hours", "minutes", "minutes-padded"}
)

// numericFields are the date fields that package time writes.
var numericFields = map[string]string{
	"year": "2006", "month-number": "1", "month-padded": "01", "day": "2", "day-padded": "02", "hour": "15", "hour-12": "3", "minute": "04",
}

// lists are the lists of names, with how many each holds.
var lists = map[string]int{"dates.months": 12, "dates.months-short": 12, "dates.weekdays": 7, "dates.weekdays-short": 7, "dates.am-pm": 2}

// layoutFields are what a key of [dates] or [durations] may be filled in with.
func layoutFields(key string) ([]string, bool) {
	switch {
	case strings.HasPrefix(key, "dates."):
		return dateFields, true
	case strings.HasPrefix(key, "durations."):
		return durationFields, true
	}
	return nil, false
}

// Date writes a moment by one of the layouts in [dates].
func (w *Words) Date(layout string, t time.Time) string {
	m := w.messages["dates."+layout]
	if m == nil {
		return t.Format(time.RFC3339)
	}
	return fill(w.form(m, nil).plain, func(field string) string { return w.dateField(field, t) })
}

func (w *Words) dateField(name string, t time.Time) string {
	switch name {
	case "date": // one layout within another
		return w.Day(t)
	case "quarter":
		return strconv.Itoa((int(t.Month()) + 2) / 3)
	case "month":
		return w.name("dates.months", int(t.Month())-1)
	case "month-short":
		return w.name("dates.months-short", int(t.Month())-1)
	case "weekday":
		return w.name("dates.weekdays", (int(t.Weekday())+6)%7)
	case "weekday-short":
		return w.name("dates.weekdays-short", (int(t.Weekday())+6)%7)
	case "am-pm":
		return w.name("dates.am-pm", t.Hour()/12)
	}
	return t.Format(numericFields[name])
}

// name is one of a list's names; the lists begin with January and with Monday.
func (w *Words) name(list string, i int) string {
	if names := w.names[list]; i < len(names) {
		return names[i]
	}
	return strconv.Itoa(i + 1)
}

// Names is a list of names, such as "dates.months-short".
func (w *Words) Names(list string) []string { return w.names[list] }

// Day is a day as pages write it: "2 Jan 2006".
func (w *Words) Day(t time.Time) string { return w.Date("day", t) }

// Duration is a duration as people say it: "47 min", "3 h", "3 h 5 min", "2 d 4 h".
// It is cut, not rounded: the parts of a time are never more than the whole.
func (w *Words) Duration(d time.Duration) string {
	d = d.Truncate(time.Minute)
	key := "durations.days"
	switch {
	case d < time.Minute:
		key = "durations.under-a-minute"
	case d < time.Hour:
		key = "durations.minutes"
	case d < 24*time.Hour && d%time.Hour == 0:
		key = "durations.whole-hours"
	case d < 24*time.Hour:
		key = "durations.hours"
	case d%(24*time.Hour) < time.Hour:
		key = "durations.whole-days"
	}
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	return w.T(key, "days", days, "hours", hours, "minutes", minutes, "minutes-padded", fmt.Sprintf("%02d", minutes))
}
