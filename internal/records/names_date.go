package records

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/text"
)

// A nameDate is the start in a file's name. All of these are read as 31 August 2024:
//
//	2024-08-31-14-30-deployment.md      deploy_log_2024-08-31_14_30.md
//	2024-08-31T14-30-hotfix-v1.2.md     20240831-143000.md
//	DEPLOY_20240831T1430Z.md            リリース2024年8月31日.md
//	31.08.2024 Einspielung.md           release-31-Aug-2024.md
//
// A date that may mean two days is not read: 01-02-2024 is in January or in February,
// depending on who wrote it. Years of two digits are not read either.
type nameDate struct {
	year, month, day     int
	hour, minute, second int
	clock                bool // the hour is known
	utc                  bool // a "Z" stands behind it
}

// moment is the date as a record's start; zero where there is no such day.
func (d nameDate) moment() Moment {
	if !d.isDay() || d.hour > 23 || d.minute > 59 || d.second > 59 {
		return Moment{}
	}
	t := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, 0, time.UTC)
	return Moment{Time: t, From: FromFileName, DateOnly: !d.clock, Local: !d.utc}
}

func (d nameDate) isDay() bool {
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	return t.Year() == d.year && int(t.Month()) == d.month && t.Day() == d.day
}

// order sorts dates, impossible ones among them.
func (d nameDate) order() int64 {
	n := int64(d.year)
	for _, part := range []int{d.month, d.day, d.hour, d.minute, d.second} {
		n = n*100 + int64(part)
	}
	return n
}

// isVisibleName reports whether a name may be a record's. It must not begin with "_"
// or ".", which hide a file on purpose, and not have invisible characters.
func isVisibleName(stem string) bool {
	if stem == "" || stem[0] == '_' || stem[0] == '.' || !utf8.ValidString(stem) {
		return false
	}
	return strings.IndexFunc(stem, func(r rune) bool {
		return r == '/' || r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
	}) < 0
}

// NameDoubt says why a file's name is not a record's, as a clause: "it holds no
// date". It is "" for a record's name.
func NameDoubt(name string) string {
	stem, ok := CutMarkdown(name)
	switch {
	case !ok:
		return "it does not end in .md"
	case isPlainName(stem):
		return ""
	case !utf8.ValidString(name):
		return "it is not text in UTF-8"
	case !isVisibleName(stem):
		return "it begins with “_” or “.”, or holds characters that cannot be seen"
	}
	_, doubt := findDate(stem)
	return doubt
}

// findDate looks for the one date in a name. doubt says why there is none. If a name
// begins with a date, that one counts, whatever follows.
func findDate(stem string) (found nameDate, doubt string) {
	words := nameWords(stem)
	for i := range words {
		date, why := dateAt(words, i)
		switch {
		case why != "" && doubt == "":
			doubt = why
		case date == nameDate{}:
		case i == 0:
			return date, ""
		case found == nameDate{}:
			found = date
		case found.year != date.year || found.month != date.month || found.day != date.day:
			return nameDate{}, "it holds two dates"
		}
	}
	if found != (nameDate{}) {
		return found, ""
	}
	if doubt == "" {
		doubt = "it holds no date"
	}
	return nameDate{}, doubt
}

// nameWords cuts a name into runs of digits, runs of ASCII letters, and single
// characters of any other kind.
func nameWords(stem string) (words []string) {
	for len(stem) > 0 {
		n := runOf(stem, isDigit)
		if n == 0 {
			n = runOf(stem, isLetter)
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(stem)
		}
		words, stem = append(words, stem[:n]), stem[n:]
	}
	return words
}

func runOf(s string, is func(byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return text.IsASCIIWord(c) && !isDigit(c) }

// dateAt reads a date that begins with the i-th word. Both results are empty if there
// is none.
func dateAt(words []string, i int) (date nameDate, doubt string) {
	if i > 0 && isDigit(words[i][0]) && isLetter(words[i-1][0]) {
		return nameDate{}, "" // as in "v2024.08.31"
	}
	w := words[i:]
	date, doubt, n := readDay(w)
	switch {
	case n == 0 || doubt != "":
		return nameDate{}, doubt
	case date.year < 1970 || date.year > 2100:
		return nameDate{}, ""
	case !date.isDay():
		return nameDate{}, fmt.Sprintf("there is no day %s", strings.Join(w[:n], ""))
	}
	if !date.readClock(w[n:], n == 1) {
		return nameDate{}, ""
	}
	return date, ""
}

// readDay reads a day: 20240831, 2024-08-31, 2024_8_31, 2024年8月31日, 31.08.2024,
// 31-Aug-2024, August-31-2024. n is the number of its words.
func readDay(w []string) (d nameDate, doubt string, n int) {
	if len(w[0]) == 8 && isDigits(w[0]) {
		d = nameDate{year: number(w[0][:4]), month: number(w[0][4:6]), day: number(w[0][6:])}
		if !d.isDay() { // it is another number
			return nameDate{}, "", 0
		}
		return d, "", 1
	}
	if len(w) < 5 {
		return d, "", 0
	}
	a, b, c := w[0], w[2], w[4]
	joined := w[1] == w[3] && strings.Contains("-_. ", w[1]) || w[1] == "年" && w[3] == "月" || w[1] == "년" && w[3] == "월"
	named := strings.Contains("-_. ", w[1]) && strings.Contains("-_. ,", w[3])
	switch n = 5; {
	case isYear(a) && isPart(b) && isPart(c) && joined:
		d = nameDate{year: number(a), month: number(b), day: number(c)}
		if len(w) > 5 && (w[5] == "日" || w[5] == "일") {
			n = 6
		} else if len(b) > len(c) {
			doubt = fmt.Sprintf("%s may be a day or a number within the month", strings.Join(w[:n], ""))
		}
	case isPart(a) && isPart(b) && isYear(c) && joined:
		d = nameDate{year: number(c), month: number(b), day: number(a)}
		if number(b) > 12 && number(a) <= 12 {
			d.month, d.day = d.day, d.month
		} else if number(a) <= 12 && number(a) != number(b) {
			doubt = fmt.Sprintf("%s may be of two days", strings.Join(w[:n], ""))
		}
	case isPart(a) && monthOf(b) > 0 && isYear(c) && named:
		d = nameDate{year: number(c), month: monthOf(b), day: number(a)}
	case isYear(a) && monthOf(b) > 0 && isPart(c) && named:
		d = nameDate{year: number(a), month: monthOf(b), day: number(c)}
	case monthOf(a) > 0 && isPart(b) && isYear(c) && named:
		d = nameDate{year: number(c), month: monthOf(a), day: number(b)}
	default:
		return d, "", 0
	}
	return d, doubt, n
}

func isYear(word string) bool { return len(word) == 4 && isDigits(word) }
func isPart(word string) bool { return len(word) <= 2 && isDigits(word) }

// monthOf is the number of a month by its English name or the first three
// letters of it, or 0.
func monthOf(word string) int {
	for m := time.January; m <= time.December; m++ {
		if name := m.String(); strings.EqualFold(word, name) || strings.EqualFold(word, name[:3]) {
			return int(m)
		}
	}
	return 0
}

// readClock reads the time behind a date, if there is one. It returns false if what
// follows shows that it was not a date, as in "2024-08-31x".
func (d *nameDate) readClock(w []string, compact bool) bool {
	if len(w) == 0 {
		return true
	}
	if isLetter(w[0][0]) && (!strings.EqualFold(w[0], "T") || len(w) < 2 || !isDigits(w[1])) {
		return false
	}
	if len(w) < 2 || !strings.Contains("-_Tt @", w[0]) || !isDigits(w[1]) {
		return true
	}
	if compact || w[0] != "-" { // 2024-08-31-1430 may as well be ticket 1430
		d.readDigits(w[1:])
	}
	d.readParts(w[1:], w[0] != "-")
	return true
}

// readDigits reads 1430 and 143000.
func (d *nameDate) readDigits(w []string) {
	switch digits := w[0]; len(digits) {
	case 4:
		d.setClock(digits[:2], digits[2:], "", w[1:])
	case 6:
		d.setClock(digits[:2], digits[2:4], digits[4:], w[1:])
	}
}

// readParts reads 14-30, 14:30:00, 14h30 and 14時30分. With points, as in 14.30, it is
// a time only if it is unlikely to be a version.
func (d *nameDate) readParts(w []string, points bool) {
	if len(w) < 3 || len(w[0]) != 2 || len(w[2]) != 2 || !isDigits(w[2]) || !strings.Contains("-_:：hH時시", w[1]) && (w[1] != "." || !points) {
		return
	}
	if len(w) >= 5 && w[3] == w[1] && len(w[4]) == 2 && isDigits(w[4]) && d.setClock(w[0], w[2], w[4], w[5:]) {
		return
	}
	d.setClock(w[0], w[2], "", w[3:])
}

// setClock takes hour, minute and second if there is such a time, and no letter
// follows but a "Z".
func (d *nameDate) setClock(hour, minute, second string, rest []string) bool {
	h, m, s := number(hour), number(minute), number(second)
	utc := len(rest) > 0 && strings.EqualFold(rest[0], "Z")
	if h > 23 || m > 59 || s > 59 || len(rest) > 0 && text.IsASCIIWord(rest[0][0]) && !utc {
		return false
	}
	d.clock, d.hour, d.minute, d.second, d.utc = true, h, m, s, utc
	return true
}

// saysOnlyWhen reports whether a folder's name only names a time: "2024", "2024-08",
// "08-August", "Q3", "archive".
func saysOnlyWhen(folder string) bool {
	for i, w := range nameWords(folder) {
		switch {
		case isDigits(w) && (len(w) == 2 || len(w) == 4 || len(w) == 1 && i > 0):
		case strings.Contains("-_. 年月", w), monthOf(w) > 0:
		case strings.EqualFold(w, "Q"), strings.EqualFold(w, "archive"), strings.EqualFold(w, "archived"):
		default:
			return false
		}
	}
	return true
}

// slugOfAll is the slug of a text. If the text is too long for one, a hash of all of
// it is added.
func slugOfAll(content string) string {
	content = norm.NFC.String(content) // some systems write "é" as two characters
	slug := text.Slug(content)
	if len(content) < text.MaxSlug {
		return slug
	}
	return fmt.Sprintf("%s-%x", slug, sha256.Sum256([]byte(content)))[:len(slug)+9]
}
