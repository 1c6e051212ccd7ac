package importer

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/records"
)

// months are the names of months by their first letters, in English and German.
var months = map[string]int{
	"jan": 1, "jän": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
	"aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}

const monthName = `(jan(?:uary|uar)?|jän(?:ner)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)`

// dateForm is a way to write a date; part gives year, month and day of a match.
type dateForm struct {
	shape *regexp.Regexp
	part  func(m []string, order DateOrder) (year, month, day string, err error)
}

// errAmbiguous says that a date may be read with the day or with the month first.
var errAmbiguous = errors.New("may mean the day or the month first")

var dateForms = []dateForm{
	{regexp.MustCompile(`(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})`), func(m []string, _ DateOrder) (string, string, string, error) {
		if m[2] != m[4] {
			return "", "", "", errNoDate
		}
		return m[1], m[3], m[5], nil
	}},
	{regexp.MustCompile(`(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日`), func(m []string, _ DateOrder) (string, string, string, error) {
		return m[1], m[2], m[3], nil
	}},
	{regexp.MustCompile(`(?i)(\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+(?:of\s+)?|-)` + monthName + `(?:\.?,?\s+|-)(\d{4})`), func(m []string, _ DateOrder) (string, string, string, error) {
		return m[3], month(m[2]), m[1], nil
	}},
	{regexp.MustCompile(`(?i)` + monthName + `\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})`), func(m []string, _ DateOrder) (string, string, string, error) {
		return m[3], month(m[1]), m[2], nil
	}},
	{regexp.MustCompile(`(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})`), func(m []string, _ DateOrder) (string, string, string, error) {
		return m[3], m[2], m[1], nil // with dots the day comes first, wherever they are used
	}},
	{regexp.MustCompile(`(\d{1,2})([/-])(\d{1,2})([/-])(\d{4})`), bySlashes},
}

var errNoDate = errors.New("is not a date or time")

func month(name string) string {
	runes := []rune(strings.ToLower(name))
	return itoa(months[string(runes[:3])])
}

// bySlashes reads 31/08/2024 and 08/31/2024, which can be only one of the two,
// and others by the order that was asked for.
func bySlashes(m []string, order DateOrder) (year, month, day string, err error) {
	first, second := len(m[1]) == 2 && m[1] > "12", len(m[3]) == 2 && m[3] > "12"
	switch {
	case m[2] != m[4]:
		return "", "", "", errNoDate
	case first && !second, order == DayFirst && !second:
		return m[5], m[3], m[1], nil
	case second && !first, order == MonthFirst && !first:
		return m[5], m[1], m[3], nil
	case strings.TrimPrefix(m[1], "0") == strings.TrimPrefix(m[3], "0"):
		return m[5], m[1], m[3], nil
	}
	return "", "", "", errAmbiguous
}

// stamp is a date that was found in a text.
type stamp struct {
	records.Moment
	start, end int    // the range of the text, with the clock time
	lost       string // a clock time that was left out, and why
}

// The time behind a date, and the one before it.
var (
	timeBehind = regexp.MustCompile(`^(?:T|,?\s+(?:at\s+|um\s+|[|@–—-]\s*)?|\s*[@|(]\s*|\s*,\s*)(\d{1,2})(?:[:h時](\d{2})|\s*Uhr(?:\s+(\d{2})\b)?)(?::(\d{2})(?:[.,]\d{1,9})?)?分?(?:\s*([AaPp])\.?[Mm]\.?)?(?:\s+Uhr)?`)
	timeBefore = regexp.MustCompile(`(?:^|[^\d:.])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp])\.?[Mm]\.?)?(?:\s+Uhr)?(?:\s+(?:on|am))?[\s|,·@–—-]*$`)
	zoneBehind = regexp.MustCompile(`^\s*(?:\(\s*)?(Z|[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2})?|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?|[A-Z]{2,5})(?:\s*\))?`)
)

// vague are the abbreviations of zones that mean several, or that differ from
// place to place.
var vague = map[string]bool{"CST": true, "IST": true, "BST": true, "AST": true, "SST": true, "ADT": true, "MT": true, "ET": true, "PT": true,
	"CT": true, "AEST": true, "AEDT": true, "ACST": true, "AWST": true, "NZST": true, "NZDT": true, "MSK": true, "KST": true, "HKT": true,
	"SGT": true, "PHT": true, "WIB": true, "BRT": true, "ART": true, "GST": true, "PKT": true, "SAST": true, "EAT": true, "WAT": true, "MESZ": true, "MEZ": true}

// german are the zones by the names that only German has.
var german = map[string]string{"MEZ": "CET", "MESZ": "CEST"}

// maxDated is how far from its begin a text is searched for a date, in bytes.
const maxDated = 1000

// findDate finds the first date of a text. err is errNoDate where there is none;
// otherwise start and end say what cannot be read.
func findDate(s string, opt Options) (stamp, error) {
	s = s[:min(len(s), maxDated)]
	best, bestForm := []int(nil), dateForm{}
	for _, form := range dateForms {
		if at := firstWhole(form.shape, s); at != nil && (best == nil || at[0] < best[0]) {
			best, bestForm = at, form
		}
	}
	if best == nil {
		return stamp{}, errNoDate
	}
	m := make([]string, len(best)/2)
	for i := range m {
		if best[2*i] >= 0 {
			m[i] = s[best[2*i]:best[2*i+1]]
		}
	}
	out := stamp{start: best[0], end: best[1]}
	year, month, day, err := bestForm.part(m, opt.DateOrder)
	if err != nil {
		return out, err
	}
	return withClock(out, s, fmt.Sprintf("%s-%02s-%02s", year, month, day), opt)
}

// firstWhole is the first match that is no piece of something longer, such as of
// a version or a number.
func firstWhole(shape *regexp.Regexp, s string) []int {
	for from := 0; from < len(s); {
		at := shape.FindStringSubmatchIndex(s[from:])
		if at == nil {
			return nil
		}
		for i := range at {
			if at[i] >= 0 {
				at[i] += from
			}
		}
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		after, size := utf8.DecodeRuneInString(s[at[1]:])
		next, _ := utf8.DecodeRuneInString(s[at[1]+size:])
		glued := isWord(before) || before == '.' || before == '/' || unicode.IsDigit(after) || after == '/' ||
			(after == '.' || after == '-') && unicode.IsDigit(next)
		if !glued {
			return at
		}
		from = at[0] + 1
	}
	return nil
}

func isWord(r rune) bool {
	return r == '_' || r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// withClock adds the clock time that stands behind the date, or before it.
func withClock(out stamp, s, date string, opt Options) (stamp, error) {
	clock := ""
	if m := timeBehind.FindStringSubmatchIndex(s[out.end:]); m != nil {
		clock = clockText(s[out.end:], m, []int{1, 2, 3, 4, 5})
		out.end += m[1]
	} else if m := timeBefore.FindStringSubmatchIndex(s[:out.start]); m != nil {
		clock = clockText(s, m, []int{1, 2, 0, 3, 4})
		out.start = m[2]
	}
	if clock == "" {
		t, _, err := records.ParseTime(date, opt.zone())
		out.Moment = records.Moment{Time: t, DateOnly: true, Local: true}
		return out, err
	}
	zone := zoneOf(s[out.end:])
	out.end += zone.length
	if zone.vague {
		out.lost = fmt.Sprintf("the clock time “%s”", strings.TrimSpace(s[out.start:out.end]))
		t, _, err := records.ParseTime(date, opt.zone())
		out.Moment = records.Moment{Time: t, DateOnly: true, Local: true}
		return out, err
	}
	loc := zone.loc
	if loc == nil {
		loc = opt.zone()
	}
	t, _, err := records.ParseTime(date+" "+clock, loc)
	out.Moment = records.Moment{Time: t, Local: zone.loc == nil && opt.Zone == nil}
	return out, err
}

// clockText is the clock time of a match in the form that records have: hours,
// minutes, the minutes behind "Uhr", seconds, half of the day.
func clockText(s string, m, groups []int) string {
	group := func(i int) string {
		if i == 0 || m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	minutes := group(groups[1]) + group(groups[2])
	if minutes == "" {
		minutes = "00"
	}
	text := group(groups[0]) + ":" + minutes
	if seconds := group(groups[3]); seconds != "" {
		text += ":" + seconds
	}
	if half := group(groups[4]); half != "" {
		text += " " + half + "m"
	}
	return text
}

// foundZone is a zone at the begin of a text: none, one that is known, or one
// whose offset nobody can tell.
type foundZone struct {
	loc    *time.Location
	vague  bool
	length int
}

func zoneOf(s string) foundZone {
	m := zoneBehind.FindStringSubmatchIndex(s)
	if m == nil {
		return foundZone{}
	}
	name := s[m[2]:m[3]]
	if next, _ := utf8.DecodeRuneInString(s[m[3]:]); isWord(next) {
		return foundZone{}
	}
	if strings.Contains(name, "/") {
		if loc, err := time.LoadLocation(name); err == nil {
			return foundZone{loc: loc, length: m[1]}
		}
		return foundZone{}
	}
	if other := german[name]; other != "" {
		name = other
	}
	if t, _, err := records.ParseTime("2000-01-01 00:00 "+name, nil); err == nil {
		return foundZone{loc: t.Location(), length: m[1]}
	}
	if vague[name] {
		return foundZone{vague: true, length: m[1]}
	}
	return foundZone{}
}

// zone is the zone of clock times that say none.
func (o Options) zone() *time.Location {
	switch {
	case o.Zone != nil:
		return o.Zone
	case o.Project != nil:
		return o.Project
	}
	return time.UTC
}

// clockAlone is a clock time without a date, as in a cell of its own.
var clockAlone = regexp.MustCompile(`^\s*\d{1,2}(?:[:h]\d{2}|\s*Uhr)`)

// startsWithClock tells a text that begins with a clock time.
func startsWithClock(s string) bool { return clockAlone.MatchString(s) }
