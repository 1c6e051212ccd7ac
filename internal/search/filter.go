package search

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
)

// DayNumber counts days from 1 January 1970 in the calendar that a date was
// written in: filters ask for the day on the clock of who deployed.
func DayNumber(year int, month time.Month, day int) int {
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// A constraint tells of each document whether it may be a result. notes are
// those that the words of the query were found in, nil where there are none.
type constraint func(d int, notes []uint8) bool

var noteOfKind = map[Kind]int{KindIssue: inIssue, KindLesson: inLesson, KindTip: inTip, KindWell: inWell}

// hasNames are what "has:" knows, in the order of the bits.
var hasNames = []string{"issue", "lesson", "tip", "well", "failed"}

// constraints are those of the query and those that were chosen besides.
func (ix *Index) constraints(q *query, chosen map[string][]string) (all []constraint, err error) {
	filters := slices.Clone(q.filters)
	for _, field := range slices.Sorted(maps.Keys(chosen)) {
		if name := fieldNamed(field); name != "" && len(chosen[field]) > 0 {
			filters = append(filters, filter{field: name, values: chosen[field], exact: true})
		}
	}
	for _, f := range filters {
		c, err := ix.constraint(f, &q.hints)
		if err != nil {
			return nil, err
		}
		if c != nil {
			all = append(all, c)
		}
	}
	return all, nil
}

// constraint makes a filter a constraint, nil where it is none.
func (ix *Index) constraint(f filter, hints *[]string) (constraint, error) {
	switch f.field {
	case facet.Kind.Name:
		return ix.kindConstraint(f, hints)
	case "before", "after":
		return ix.dayConstraint(f, hints)
	case facet.Year.Name:
		days, err := ix.days()
		return ix.ofRecord(f, func(d int) bool { return days[d] != 0 && slices.Contains(f.values, strconv.Itoa(yearOf(days[d]))) }), err
	case "has":
		return ix.hasConstraint(f, hints)
	}
	return ix.nameConstraint(f, hints)
}

// ofRecord is a constraint that only records can meet.
func (ix *Index) ofRecord(f filter, meets func(d int) bool) constraint {
	return func(d int, _ []uint8) bool { return (d < ix.m.Base && meets(d)) != f.not }
}

func (ix *Index) kindConstraint(f filter, hints *[]string) (constraint, error) {
	wanted := meantKinds(f.values)
	if len(wanted) < len(f.values) {
		*hints = append(*hints, knows(f.field, kindNames()))
	}
	mask := 0
	for _, k := range wanted {
		mask |= noteOfKind[k]
	}
	has, err := ix.has()
	return func(d int, notes []uint8) bool {
		if d >= ix.m.Base {
			return slices.Contains(wanted, ix.kindOfPage(d)) != f.not
		}
		if notes == nil {
			notes = has
		}
		return (slices.Contains(wanted, KindRecord) || int(notes[d])&mask > 0) != f.not
	}, err
}

// meantKinds are the kinds that values name; "issues" names one too.
func meantKinds(values []string) (out []Kind) {
	for _, v := range values {
		if found := meant(kindNames(), strings.TrimSuffix(v, "s")); len(found) > 0 {
			out = append(out, kinds[found[0]])
		}
	}
	return out
}

func kindNames() (names []string) {
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return names
}

func (ix *Index) dayConstraint(f filter, hints *[]string) (constraint, error) {
	limit, ok := dayOf(f.values[0])
	if !ok {
		*hints = append(*hints, fmt.Sprintf("“%s” is no date; write 2024, 2024-08 or 2024-08-31.", f.values[0]))
		return nil, nil
	}
	days, err := ix.days()
	return ix.ofRecord(f, func(d int) bool { return days[d] != 0 && (days[d] < limit) == (f.field == "before") }), err
}

func (ix *Index) hasConstraint(f filter, hints *[]string) (constraint, error) {
	mask := 0
	for _, v := range f.values {
		for _, i := range meant(hasNames, strings.TrimSuffix(v, "s")) {
			mask |= 1 << i
		}
	}
	if mask == 0 {
		*hints = append(*hints, knows(f.field, hasNames))
	}
	has, err := ix.has()
	return ix.ofRecord(f, func(d int) bool { return int(has[d])&mask > 0 }), err
}

func (ix *Index) nameConstraint(f filter, hints *[]string) (constraint, error) {
	column, err := ix.column(f.field)
	if err != nil {
		return nil, err
	}
	chosen := map[int32]bool{}
	for _, v := range f.values {
		found := meant(column.names, v)
		if f.exact {
			found = slices.DeleteFunc([]int{slices.Index(column.names, v)}, func(i int) bool { return i < 0 })
		}
		if len(found) == 0 {
			*hints = append(*hints, fmt.Sprintf("No deployment has the %s “%s”.", f.field, v))
			if n := len(column.names); n > 0 && n <= few {
				*hints = append(*hints, knows(f.field, column.names))
			}
		}
		for _, i := range found {
			chosen[int32(i)] = true
		}
	}
	return ix.ofRecord(f, func(d int) bool {
		return slices.ContainsFunc(column.values[d], func(i int32) bool { return chosen[i] })
	}), nil
}

// few names of a kind are listed where somebody asks for one that is not there.
const few = 8

func knows(field string, names []string) string {
	return fmt.Sprintf("“%s:” knows %s.", field, strings.Join(names, ", "))
}

// meant are the names that a value means: those of the same words, or else
// those that its words begin.
func meant(names []string, value string) (found []int) {
	wanted := wordKey(value)
	for i, n := range names {
		if wordKey(n) == wanted {
			found = append(found, i)
		}
	}
	var parts []string
	eachWord(value, func(w word) { parts = append(parts, w.terms[0]) })
	if len(found) > 0 || len(parts) == 0 {
		return found
	}
	for i, n := range names {
		var have []string
		eachWord(n, func(w word) { have = append(have, w.terms...) })
		if !slices.ContainsFunc(parts, func(p string) bool {
			return !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, p) })
		}) {
			found = append(found, i)
		}
	}
	return found
}

func wordKey(s string) string {
	var all []string
	eachWord(s, func(w word) { all = append(all, w.terms[0]) })
	return strings.Join(all, " ")
}

var dayText = regexp.MustCompile(`^([1-9]\d{3})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$`)

// dayOf is the first day of "2024", "2024-08" or "2024-08-31".
func dayOf(s string) (day int, ok bool) {
	m := dayText.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	number := func(s string) int { n, _ := strconv.Atoi(cmp.Or(s, "1")); return n }
	month, date := number(m[2]), number(m[3])
	if month < 1 || month > 12 || date < 1 || date > 31 {
		return 0, false
	}
	return DayNumber(number(m[1]), time.Month(month), date), true
}

func yearOf(day int) int { return time.Unix(int64(day)*24*60*60, 0).UTC().Year() }

// kindOfPage is the kind of a document that is no record.
func (ix *Index) kindOfPage(d int) Kind {
	i := d - ix.m.Base
	for k, n := range ix.m.Pages {
		if i < n {
			return kinds[k]
		}
		i -= n
	}
	return ""
}
