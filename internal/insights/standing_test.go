package insights

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// historyOf makes the records of one target from lines, oldest first:
//
//	ID start [end] status [version] [<undone ID]
//
// Start and end are days of January with an hour: "3.14" is the 3rd at 14:00.
func historyOf(t *testing.T, lines string) (history []*records.Record, undoes func(*records.Record) *records.Record) {
	byID := map[string]*records.Record{}
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		r := &records.Record{ID: fields[0], StatusFrom: records.FromFrontMatter}
		for _, f := range fields[1:] {
			status := records.Status(f)
			switch at, isTime := january(f); {
			case isTime && r.Started.IsZero():
				r.Started.Time = at
			case isTime:
				r.Finished.Time = at
			case slices.Contains(records.Statuses, status):
				r.Status = status
			case f == "unknown":
				r.Status, r.StatusFrom = records.InProgress, records.FromSteps
			case f == "unclear":
				r.Status, r.StatusFrom, r.StatusReason.Kind = records.InProgress, records.FromSteps, records.StatusUnknown
			case f[0] == '<':
				r.RollbackOf.Value = f[1:]
			default:
				r.Version.Value = f
			}
		}
		if r.Status == "" {
			t.Fatalf("no status in %q", line)
		}
		byID[r.ID] = r
		history = append([]*records.Record{r}, history...)
	}
	slices.SortFunc(history, records.NewestFirst)
	return history, func(r *records.Record) *records.Record { return byID[r.RollbackOf.Value] }
}

func january(s string) (time.Time, bool) {
	var day, hour int
	if n, _ := fmt.Sscanf(s, "%d.%d", &day, &hour); n != 2 || strings.Count(s, ".") != 1 {
		return time.Time{}, false
	}
	return time.Date(2026, time.January, day, hour, 0, 0, 0, time.UTC), true
}

func TestCourse(t *testing.T) {
	for _, c := range []struct {
		name, history, at, want string
	}{
		{"nothing", "", "9.0", "-"},
		{"one", "a 1.10 1.11 succeeded v1", "9.0", "runs a since 1.11, latest a"},
		{"before its end", "a 1.10 1.12 succeeded v1", "1.11", "under way a"},
		{"before its start", "a 1.10 1.12 succeeded v1", "1.9", "-"},
		{"the last succeeded", "a 1.10 succeeded v1\nb 2.10 succeeded v2", "9.0", "runs b since 2.10, back to a, latest b"},
		{"a failure leaves what ran", "a 1.10 succeeded v1\nb 2.10 failed v2", "9.0", "runs a since 1.10, latest b"},
		{"rolled back in its own record", "a 1.10 succeeded v1\nb 2.10 rolled-back v2", "9.0", "runs a since 1.10, latest b"},
		{"cancelled", "a 1.10 succeeded v1\nb 2.10 cancelled v2", "9.0", "runs a since 1.10, latest b"},
		{"only failures", "a 1.10 failed v1\nb 2.10 cancelled", "9.0", "latest b"},
		{"in the past", "a 1.10 succeeded v1\nb 2.10 succeeded v2", "2.9", "runs a since 1.10, latest a"},
		{"rollback to before", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 2.13 succeeded <b", "9.0", "runs a since 2.13 by c, latest c"},
		{"rollback names a version", "z 1.1 succeeded v0\na 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 succeeded <b v1", "9.0", "runs a since 2.12 by c, back to z, latest c"},
		{"rollback over two", "z 1.1 succeeded v0\na 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 succeeded <b V0", "9.0", "runs z since 2.12 by c, latest c"},
		{"rollback names what it undoes", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 succeeded <b 2", "9.0", "runs a since 2.12 by c, latest c"},
		{"rollback of a failed one", "a 1.10 succeeded v1\nb 2.10 failed v2\nc 2.12 succeeded <b", "9.0", "runs a since 2.12 by c, latest c"},
		{"rollback of the first", "b 2.10 succeeded v2\nc 2.12 succeeded <b", "9.0", "unknown since 2.12 by c, latest c"},
		{"rollback of nobody knows what", "a 1.10 succeeded v1\nc 2.12 succeeded <x", "9.0", "unknown since 2.12 by c, latest c"},
		{"that names its version", "a 1.10 succeeded v1\nc 2.12 succeeded <x v0", "9.0", "runs c since 2.12, back to a, latest c"},
		{"rollback that failed", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 failed <b", "9.0", "unknown since 2.12 by c, latest c"},
		{"rollback that was cancelled", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 cancelled <b", "9.0", "runs b since 2.10, back to a, latest c"},
		{"on after a rollback", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 succeeded <b\nd 3.10 succeeded v3", "9.0", "runs d since 3.10, back to a, latest d"},
		{"rollback of the rollback", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 succeeded v1 <b\nd 3.10 succeeded v2 <c", "9.0", "runs d since 3.10, back to a, latest d"},
		{"that names no version", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 2.12 succeeded <b\nd 3.10 succeeded <c", "9.0", "runs b since 3.10 by d, back to a, latest d"},
		{"a version as it ran twice", "a 1.10 succeeded v1\nb 2.10 succeeded v2\nc 3.10 succeeded v1\nd 4.10 succeeded v4\ne 4.12 succeeded <d v1", "9.0", "runs c since 4.12 by e, back to b, latest e"},
		{"outcome unknown", "a 1.10 succeeded v1\nb 2.10 unknown v2", "9.0", "unknown since 3.10 by b, back to a, latest b"},
		{"outcome unknown twice", "a 1.10 succeeded v1\nb 2.10 unknown v2\nc 3.10 unknown v3", "9.0", "unknown since 3.10 by b, back to a, latest c"},
		{"outcome unknown, then known", "a 1.10 succeeded v1\nb 2.10 unknown v2\nc 3.10 succeeded v3", "9.0", "runs c since 3.10, back to a, latest c"},
		{"outcome unknown, then a failure", "b 2.10 unknown v2\nc 3.10 failed v3", "9.0", "unknown since 3.10 by b, latest c"},
		{"outcome unknown, on its first day", "a 1.10 succeeded v1\nb 2.10 unknown v2", "3.9", "runs a since 1.10, latest a, under way b"},
		{"outcome unknown, with an end", "a 1.10 succeeded v1\nb 2.10 2.11 unknown v2", "3.9", "runs a since 1.10, latest a, under way b"},
		{"outcome in words that nobody knows", "a 1.10 succeeded v1\nb 2.10 2.12 unclear v2", "9.0", "unknown since 2.12 by b, back to a, latest b"},
		{"the same, without an end", "a 1.10 succeeded v1\nb 2.10 unclear v2", "2.11", "unknown since 2.10 by b, back to a, latest b"},
		{"they went on, and it was forgotten later", "b 2.10 unknown v2\nc 2.15 succeeded v3", "9.0", "runs c since 2.15, latest b"},
		{"they went on, and then nobody wrote", "b 2.10 unknown v2\nc 2.15 succeeded v3\nd 2.20 unknown v4", "9.0", "unknown since 3.20 by d, back to c, latest d"},
		{"they went on with a failure", "a 1.10 succeeded v1\nb 2.10 unknown v2\nc 2.15 failed v3", "9.0", "unknown since 3.10 by b, back to a, latest b"},
		{"under way", "a 1.10 succeeded v1\nb 9.10 in-progress v2", "9.11", "runs a since 1.10, latest a, under way b"},
		{"nobody closed it", "a 1.10 succeeded v1\nb 2.10 in-progress v2", "9.11", "runs a since 1.10, latest a, under way b"},
		{"nobody closed it, and they went on", "b 2.10 in-progress v2\nc 3.10 succeeded v3", "9.11", "runs c since 3.10, latest c"},
		{"begun today, another one ended since", "b 9.10 in-progress v2\nc 9.11 succeeded v3", "9.12", "runs c since 9.11, latest c, under way b"},
		{"planned", "a 1.10 succeeded v1\nb 9.10 in-progress v2", "8.0", "runs a since 1.10, latest a"},
		{"two at once: the end counts", "a 1.10 1.15 succeeded v1\nb 1.11 1.12 succeeded v2", "9.0", "runs a since 1.15, back to b, latest a"},
		{"an end before the start", "a 2.10 1.15 succeeded v1", "9.0", "runs a since 2.10, latest a"},
	} {
		history, undoes := historyOf(t, c.history)
		at, _ := january(c.at)
		if got := describe(CourseOf(history, undoes).At(at)); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

func describe(s Standing) string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	var since string
	if s.By != nil {
		since = Effect(s.By).Time.Format("since 2.15")
	}
	switch {
	case s.Running != nil && s.By != s.Running:
		add("runs %s %s by %s", s.Running.ID, since, s.By.ID)
	case s.Running != nil:
		add("runs %s %s", s.Running.ID, since)
	case s.By != nil:
		add("unknown %s by %s", since, s.By.ID)
	}
	if s.GoBackTo != nil {
		add("back to %s", s.GoBackTo.ID)
	}
	if s.Latest != nil {
		add("latest %s", s.Latest.ID)
	}
	if s.UnderWay != nil {
		add("under way %s", s.UnderWay.ID)
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ", ")
}
