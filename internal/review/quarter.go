package review

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
)

// Folder is where a project keeps its reviews.
const Folder = project.Reviews

// A Quarter is what one review is about.
type Quarter struct {
	Year, Number int
	From, To     time.Time // the first moment, and the first one after
}

// At is the quarter that a moment lies in, in the zone of the moment.
func At(moment time.Time) (q Quarter) {
	q.Year, q.Number, q.From, q.To = insights.Quarter(moment)
	return q
}

var quarterName = regexp.MustCompile(`^(\d{4})-[qQ]([1-4])$`)

// Parse reads the name of a quarter: 2026-Q3, or 2026-q3.
func Parse(name string, zone *time.Location) (q Quarter, ok bool) {
	m := quarterName.FindStringSubmatch(name)
	if m == nil {
		return q, false
	}
	year, _ := strconv.Atoi(m[1])
	number, _ := strconv.Atoi(m[2])
	return At(time.Date(year, time.Month(3*number-2), 1, 0, 0, 0, 0, zone)), true
}

var fileName = regexp.MustCompile(`^(\d{4}-[qQ][1-4])\.md$`)

// OfFile is the quarter that a file of the folder is the review of.
func OfFile(name string, zone *time.Location) (q Quarter, ok bool) {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return q, false
	}
	return Parse(m[1], zone)
}

// Name is its name in addresses and numbers: 2026-q3.
func (q Quarter) Name() string { return fmt.Sprintf("%04d-q%d", q.Year, q.Number) }

// Title is its name for people: Q3 2026.
func (q Quarter) Title() string { return fmt.Sprintf("Q%d %d", q.Number, q.Year) }

// Code is its name as the command takes it: 2026-Q3.
func (q Quarter) Code() string { return fmt.Sprintf("%04d-Q%d", q.Year, q.Number) }

// File is the file of its review.
func (q Quarter) File() string { return path.Join(Folder, q.Name()+".md") }

// Before is the quarter before it.
func (q Quarter) Before() Quarter { return At(q.From.AddDate(0, 0, -1)) }

// Has reports whether a moment lies in it.
func (q Quarter) Has(moment time.Time) bool { return !moment.Before(q.From) && moment.Before(q.To) }

// IsOver reports whether it has ended.
func (q Quarter) IsOver(now time.Time) bool { return !now.Before(q.To) }
