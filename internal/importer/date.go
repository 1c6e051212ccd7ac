package importer

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// months are the names of months by their first letters, in English and German.
var months = map[string]int{
	"jan": 1, "jän": 1, "feb": 2, "mar": 3, "mär": 3, "mrz": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
	"aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}

var monthName = `(?P<name>` + strings.Join(longestFirst(records.MonthNames()), "|") + `|jan(?:uary|uar)?|jän(?:ner)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz?|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?)`

// longestFirst quotes words for a regular expression: "juillet" before "juil".
func longestFirst(words []string) []string {
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return words
}

// dateForms are the ways to write a date. The group y is the year, m or name the
// month, and d the day. Of a and b, one is the day and one the month. The separators
// s and s2 have to be the same.
var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P<s2>[-/.])(?P<d>\d{1,2})`),
	regexp.MustCompile(`(?P<y>\d{4})(?P<s>-)(?P<m>\d{1,2})(?P<s2>-)(?P<d>\d{1,2})/\d{1,2}`), // a night's two days
	regexp.MustCompile(`(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日`),
	regexp.MustCompile(`(?i)(?P<d>\d{1,2})(?:st|nd|rd|th|er|[.º°])?(?:\s+(?:(?:of|de)\s+)?|-)` + monthName + `(?:\.?,?\s+(?:de\s+)?|-)(?P<y>\d{4})`),
	regexp.MustCompile(`(?i)` + monthName + `\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})`),
	regexp.MustCompile(`(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})`), // with dots the day comes first everywhere
	regexp.MustCompile(`(?P<a>\d{1,2})(?P<s>[/-])(?P<b>\d{1,2})(?P<s2>[/-])(?P<y>\d{4})`),
}

// Why a text is not a date.
var (
	errNoDate    = errors.New("is not a date or time")
	errAmbiguous = errors.New("may mean the day or the month first")
)

// groups are the named groups of a match at some offsets of s.
func groups(shape *regexp.Regexp, s string, at []int) map[string]string {
	all := map[string]string{}
	for i, name := range shape.SubexpNames() {
		if at[2*i] >= 0 {
			all[name] = s[at[2*i]:at[2*i+1]]
		}
	}
	return all
}

// dateText is the date of a match of one of [dateForms], as "2024-08-31".
func dateText(m map[string]string, order DateOrder) (string, error) {
	month, day := m["m"], m["d"]
	switch {
	case m["s"] != m["s2"]:
		return "", errNoDate
	case m["name"] != "":
		letters := []rune(strings.ToLower(m["name"]))
		month = strconv.Itoa(cmp.Or(int(records.MonthOf(m["name"])), months[string(letters[:3])]))
	case m["a"] != "":
		var err error
		if day, month, err = dayAndMonth(m["a"], m["b"], order); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s-%02s-%02s", m["y"], month, day), nil
}

// dayAndMonth reads 31/08 and 08/31, which can be only one of the two, and others
// by the order that was asked for.
func dayAndMonth(a, b string, order DateOrder) (day, month string, err error) {
	switch {
	case isDay(a) && !isDay(b), order == DayFirst && !isDay(b):
		return a, b, nil
	case isDay(b) && !isDay(a), order == MonthFirst && !isDay(a):
		return b, a, nil
	case strings.TrimPrefix(a, "0") == strings.TrimPrefix(b, "0"):
		return a, b, nil
	}
	return "", "", errAmbiguous
}

const orderHint = "say --date-format dmy, or mdy"

// slashes matches a date with the day or the month first.
var slashes = text.Pattern(`\b(\d{1,2})[/-](\d{1,2})[/-]\d{4}\b`)

// settleOrder reads dates such as 01/02/2024 of a source in the order that its other
// dates have, where all that can be read in one way only have the same. It says so. The
// function that it returns takes that back, for other sources.
func (r *Reading) settleOrder(source int) (undo func()) {
	asked := r.opt
	undo = func() { r.opt = asked }
	if asked.DateOrder != UnknownOrder {
		return undo
	}
	data, first, doubtful := r.Sources[source].Data, map[DateOrder][]int{}, ""
	for _, at := range slashes().FindAllSubmatchIndex(data, -1) {
		a, b := string(data[at[2]:at[3]]), string(data[at[4]:at[5]])
		order := UnknownOrder
		switch {
		case isDay(a) && !isDay(b):
			order = DayFirst
		case isDay(b) && !isDay(a):
			order = MonthFirst
		case doubtful == "" && !isDay(a) && strings.TrimPrefix(a, "0") != strings.TrimPrefix(b, "0"):
			doubtful = string(data[at[0]:at[1]])
		}
		if order != UnknownOrder && first[order] == nil {
			first[order] = at
		}
	}
	if len(first) != 1 || doubtful == "" {
		return undo
	}
	for order, at := range first {
		r.opt.DateOrder = order
		which := map[DateOrder]string{DayFirst: "day", MonthFirst: "month"}[order]
		r.remark(source, at[0], "say --date-format if others are meant otherwise", "%s has the %s first; so dates such as %s are read with the %s first, too",
			data[at[0]:at[1]], which, doubtful, which)
	}
	return undo
}

// isDay reports whether a number is too large for a month.
func isDay(number string) bool { return len(number) == 2 && number > "12" }

// stamp is a date that was found in a text.
type stamp struct {
	records.Moment
	until      records.Moment // the end, where a range of clock times is written
	start, end int            // the range of the text, with the clock time
	lost       string         // a clock time that was left out, and why
}

// The time behind a date, and the one before it.
var (
	timeBehind = text.Pattern(`^(?:T|,?\s+(?:at\s+|um\s+|[|@–—-]\s*)?|\s*[@|(]\s*|\s*,\s*)(?P<h>\d{1,2})(?:[:h時](?P<min>\d{2})|\s*Uhr(?:\s+(?P<min2>\d{2})\b)?)(?::(?P<sec>\d{2})(?:[.,]\d{1,9})?)?分?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s+Uhr)?`)
	timeBefore = text.Pattern(`(?:^|[^\d:.])(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<sec>\d{2}))?(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s+Uhr)?(?:\s+(?:on|am))?[\s|,·@–—-]*$`)
	zoneBehind = text.Pattern(`^\s*(?:\(\s*)?(Z|[+-]\d{2}(?::?\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2})?|[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?|[A-Z]{2,5})(?:\s*\))?`)
)

// vague are the abbreviations of zones that mean several, or that records do not know.
var vague = text.Set(`CST, IST, BST, AST, SST, ADT, MT, ET, PT, CT, ACST, ART, GST, EAT, WAT`)

// german are the zones by the names that only German has.
var german = map[string]string{"MEZ": "CET", "MESZ": "CEST"}

// maxDated is how far from its begin a text is searched for a date, in bytes.
const maxDated = 1000

// findDate finds the first date of a text. err is errNoDate where there is none;
// otherwise start and end say what cannot be read.
func findDate(s string, opt Options) (stamp, error) {
	s = s[:min(len(s), maxDated)]
	var at []int
	var form *regexp.Regexp
	for _, f := range dateForms {
		if found := firstWhole(f, s); found != nil && (at == nil || found[0] < at[0]) {
			at, form = found, f
		}
	}
	if at == nil {
		return stamp{}, errNoDate
	}
	out := stamp{start: at[0], end: at[1]}
	date, err := dateText(groups(form, s, at), opt.DateOrder)
	if err != nil {
		return out, err
	}
	return withClock(out, s, date, opt)
}

// HasDate reports whether a text has a date, in any form that a log may have.
func HasDate(s string) bool {
	_, err := findDate(s, Options{})
	return !errors.Is(err, errNoDate)
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
func withClock(out stamp, s, date string, opt Options) (_ stamp, err error) {
	clock, zone := "", foundZone{}
	if at := timeBehind().FindStringSubmatchIndex(s[out.end:]); at != nil {
		if out.withSpan(s, out.end+at[2], date, opt) {
			return out, nil
		}
		clock = clockText(groups(timeBehind(), s[out.end:], at))
		out.end += at[1]
	} else if at := timeBefore().FindStringSubmatchIndex(s[:out.start]); at != nil {
		clock = clockText(groups(timeBefore(), s, at))
		out.start = at[2] // where the hour begins
	}
	if clock != "" {
		zone = zoneOf(s[out.end:])
		out.end += zone.length
	}
	if zone.vague {
		out.lost = fmt.Sprintf("the clock time “%s” has a zone without a fixed offset", strings.TrimSpace(s[out.start:out.end]))
	}
	if clock == "" || zone.vague {
		out.Moment, err = records.ParseTime(date, opt.zone())
		return out, err
	}
	out.Moment, err = records.ParseTime(date+" "+clock, cmp.Or(zone.loc, opt.zone()))
	out.Local = zone.loc == nil && opt.Zone == nil
	return out, err
}

// withSpan reads the range of clock times at a place: "14:30 – 15:10".
func (out *stamp) withSpan(s string, at int, date string, opt Options) bool {
	span := records.ClockSpan(s[at:])
	if span == "" {
		return false
	}
	end := at + len(span)
	zone := zoneOf(s[end:])
	if zone.vague {
		return false
	}
	start, until, err := records.ParseSpan(date+" "+span, cmp.Or(zone.loc, opt.zone()))
	if errors.Is(err, records.ErrOffsetOrEnd) && zone.loc == nil {
		out.lost = fmt.Sprintf("the clock time “%s” %v", span, err)
		start, err = records.ParseTime(date, opt.zone())
	} else if errors.Is(err, records.ErrOffsetOrEnd) {
		start, until, err = records.ParseSpan(date+" "+strings.Replace(span, "-", "–", 1), zone.loc)
	}
	if err != nil {
		return false
	}
	local := start.Local && zone.loc == nil && opt.Zone == nil
	start.Local, until.Local = local, local
	out.Moment, out.until, out.end = start, until, end+zone.length
	return true
}

// clockText is the clock time of a match in a form that [records.ParseTime] reads.
func clockText(m map[string]string) string {
	text := m["h"] + ":" + cmp.Or(m["min"], m["min2"], "00")
	if m["sec"] != "" {
		text += ":" + m["sec"]
	}
	if m["half"] != "" {
		text += " " + m["half"] + "m"
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
	m := zoneBehind().FindStringSubmatchIndex(s)
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
	if t, err := records.ParseTime("2000-01-01 00:00 "+cmp.Or(german[name], name), nil); err == nil {
		return foundZone{loc: t.Time.Location(), length: m[1]}
	}
	if vague[name] {
		return foundZone{vague: true, length: m[1]}
	}
	return foundZone{}
}

// zone is the zone of clock times that say none.
func (o Options) zone() *time.Location {
	return cmp.Or(o.Zone, o.Project, time.UTC)
}

// clockAtStart is a clock time that a text begins with, as in a cell of its own.
var clockAtStart = text.Pattern(`^\s*\d{1,2}(?:[:h]\d{2}|\s*Uhr)`)
