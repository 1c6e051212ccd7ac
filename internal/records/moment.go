package records

import (
	"cmp"
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

// The reasons why a text is not a time.
var (
	errNoTime     = errors.New("is not a date or time")
	errNoSuchTime = errors.New("is an impossible date or time")
	errZone       = errors.New("has a time zone without a fixed offset")
	errNoSuchZone = errors.New("has a time zone that is not known")
)

// clockTime matches a date, perhaps with a clock time, seconds and a zone: "2024-08-31", "2024-08-31 14:30", "2024-08-31T14:30:10.5+02:00",
// "2024-08-31 14:30 CEST", "2024/08/31 2:30 pm UTC", "2024-08-31 14:30 Europe/Berlin".
var clockTime = text.Pattern(`(?i)^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})` +
	`(?:(?:[T\s]|\s+at\s+|,\s*)\s*(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]m\b)?\s*(Z|[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|\(?[A-Z]{2,5}\)?|` + namedZone + `)?)?$`)

// dayTime matches a clock time alone: "14:30", "2:30 pm", "14:30:10 UTC".
var dayTime = text.Pattern(`(?i)^\d{1,2}[:h]\d{2}(?::\d{2})?\s*(?:[ap]m\b)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?|\(?[A-Z]{2,5}(?:[+-]\d{1,2}(?::?\d{2})?)?\)?|` + namedZone + `)?$`)

// namedZone matches a zone by its name in the time zone database: "Europe/Berlin".
const namedZone = `\(?[A-Za-z]{2,20}/[A-Za-z_-]{2,30}(?:/[A-Za-z_-]{2,30})?\)?`

// maxOffset is the largest offset of a zone from UTC, in seconds.
const maxOffset = 14 * 3600

// zones are the abbreviations that mean one offset, in hours. Others, such as
// CST and IST, mean several.
var zones = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
	"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9,
	"BRT": -3, "PKT": 5, "WIB": 7, "WITA": 8, "HKT": 8, "SGT": 8, "PHT": 8, "KST": 9, "SAST": 2,
	"AWST": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}

// zoneNames are the abbreviations of which the offset was another one in some years.
var zoneNames = map[string]string{
	"MSK": "Europe/Moscow", "SAMT": "Europe/Samara", "YEKT": "Asia/Yekaterinburg", "OMST": "Asia/Omsk", "NOVT": "Asia/Novosibirsk",
	"KRAT": "Asia/Krasnoyarsk", "IRKT": "Asia/Irkutsk", "YAKT": "Asia/Yakutsk", "VLAT": "Asia/Vladivostok", "MAGT": "Asia/Magadan", "PETT": "Asia/Kamchatka",
}

// ParseTime reads a date with or without a clock time, in the forms that people write.
// If no offset is written, the time is in loc, or in UTC if loc is nil.
func ParseTime(s string, loc *time.Location) (Moment, error) {
	s = strings.TrimSpace(s)
	if t, ok := parseRFC3339(s); ok {
		return Moment{Time: t}, nil
	}
	m := clockTime().FindStringSubmatch(s)
	if m == nil {
		return Moment{}, errNoTime
	}
	loc, err := zone(m[9], loc)
	if err != nil {
		return Moment{}, err
	}
	hour, err := hour24(m[4], m[8])
	if err != nil {
		return Moment{}, err
	}
	year, month, day := atoi(m[1]), atoi(m[2]), atoi(m[3])
	nanos := atoi((m[7] + "000000000")[:9])
	t := time.Date(year, time.Month(month), day, hour, atoi(m[5]), atoi(m[6]), nanos, loc)
	// time.Date turns 30 February into 1 March. The hour differs when clocks are put
	// forward; hour24 has checked it.
	if int(t.Month()) != month || t.Day() != day || atoi(m[5]) > 59 || atoi(m[6]) > 59 || year < 1970 {
		return Moment{}, errNoSuchTime
	}
	return Moment{Time: t, DateOnly: m[4] == "", Local: m[9] == ""}, nil
}

// parseRFC3339 is the quick way for times as they should be written. The zone is a
// fixed one; time.Parse would use the machine's zone if the offset fits.
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

// parseClock reads a clock time alone, on the given day.
func parseClock(s string, day time.Time) (Moment, bool) {
	s = strings.TrimSuffix(strings.TrimSpace(s), " Uhr")
	if !dayTime().MatchString(s) {
		return Moment{}, false
	}
	m, err := ParseTime(max(day.Format(time.DateOnly), "1970-01-02")+" "+s, day.Location())
	return m, err == nil
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

// zone is the location of a zone as it is written, or loc if there is none.
func zone(s string, loc *time.Location) (*time.Location, error) {
	if s == "" {
		if loc == nil {
			return time.UTC, nil
		}
		return loc, nil
	}
	s = strings.Trim(s, "()")
	s = cmp.Or(zoneNames[strings.ToUpper(s)], s)
	if strings.Contains(s, "/") {
		named, err := time.LoadLocation(s)
		if err != nil {
			return nil, errNoSuchZone
		}
		return named, nil
	}
	name := strings.ToUpper(s)
	if hours, ok := zones[name]; ok {
		if hours == 0 {
			return time.UTC, nil
		}
		return time.FixedZone(name, hours*3600), nil
	}
	digits := strings.TrimPrefix(strings.TrimPrefix(name, "UTC"), "GMT")
	if digits == "" || digits[0] != '+' && digits[0] != '-' {
		return nil, errZone
	}
	return offset(digits[0] == '-', strings.ReplaceAll(digits[1:], ":", ""))
}

// offset reads "2", "02", "230" and "0230", the offset of a zone from UTC.
func offset(west bool, digits string) (*time.Location, error) {
	if len(digits) == 3 {
		digits = "0" + digits
	}
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

// atoi reads digits that a regular expression has matched. It is 0 for "".
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

var (
	durationParts = text.Pattern(`^(\d+(?:[.,]\d+)?)\s*([½¼¾]?)\s*(\pL+)\.?(?:\s*(?:,|and\b|und\b|et\b)?\s*)`)
	durationISO   = text.Pattern(`^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$`)
	durationClock = text.Pattern(`^(\d+):(\d{2}):(\d{2})$`)
	durationShort = text.Pattern(`^(\d+)\s?[hH]\s?(\d{2})()$`) // "1h05", as in French
	behindIt      = text.Pattern(`\s*[(（].*[)）]$`)

	fractions = map[string]float64{"½": 0.5, "¼": 0.25, "¾": 0.75}
)

// durationUnits are the units of time, in the languages that teams write them in.
var durationUnits = text.Table(map[time.Duration]string{
	24 * time.Hour: `d, day, days, tag, tage, tagen, jour, jours, día, días, dia, dias, 日, 天, 일`,
	time.Hour:      `h, hr, hrs, hour, hours, std, stunde, stunden, heure, heures, hora, horas, ora, ore, uur, 時間, 小时, 小時, 시간, ч, час, часа, часов`,
	time.Minute:    `m, min, mins, minute, minutes, minuten, minuto, minutos, minuti, minuut, 分, 分間, 分钟, 分鐘, 분, мин, минута, минуты, минут`,
	time.Second:    `s, sec, secs, second, seconds, sek, sekunde, sekunden, seconde, secondes, segundo, segundos, secondi, 秒, 秒間, 초, сек, секунд, секунды`,
})

// ParseDuration reads an exact duration: "47 minutes", "1 h 20 min", "1,5 Std.",
// "01:05:00", "PT45M". A remark in parentheses may follow. Anything else is not one: an
// estimate such as "~40 minutes" or "< 5 min", "1:30", which may be minutes or hours,
// and "5 min downtime", which is about something else.
func ParseDuration(s string) (time.Duration, bool) {
	s = behindIt().ReplaceAllString(strings.TrimSpace(s), "")
	if s == "" || len(s) > 60 {
		return 0, false
	}
	for _, form := range []*regexp.Regexp{durationISO(), durationClock(), durationShort()} {
		if m := form.FindStringSubmatch(s); m != nil {
			return plausible(time.Duration(atoi(m[1]))*time.Hour + time.Duration(atoi(m[2]))*time.Minute + time.Duration(atoi(m[3]))*time.Second)
		}
	}
	var sum time.Duration
	for last := time.Duration(math.MaxInt64); s != ""; {
		m := durationParts().FindStringSubmatch(s)
		if m == nil {
			return 0, false
		}
		unit := durationUnits[strings.ToLower(m[3])]
		n, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
		if unit == 0 || unit >= last || err != nil || n > 1e6 {
			return 0, false
		}
		sum += time.Duration(math.Round((n+fractions[m[2]])*unit.Seconds())) * time.Second
		s, last = s[len(m[0]):], unit
	}
	return plausible(sum)
}

func plausible(d time.Duration) (time.Duration, bool) { return d, d > 0 && d < 366*24*time.Hour }
