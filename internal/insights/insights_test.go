package insights

import (
	"slices"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

func at(s string) records.Moment {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return records.Moment{Time: t}
}

func TestCount(t *testing.T) {
	n := Count([]*records.Record{
		{Status: records.Succeeded, Started: at("2026-01-01T10:00:00Z"), Finished: at("2026-01-01T10:30:00Z")},
		{Status: records.Failed, Started: at("2026-01-02T10:00:00Z"), Finished: at("2026-01-02T12:00:00Z")},
		{Status: records.RolledBack, Started: at("2026-01-03T10:00:00Z"), Finished: at("2026-01-03T10:10:00Z")},
		{Status: records.Succeeded, Started: at("2026-01-04T10:00:00Z")},                                       // no end
		{Status: records.Succeeded, Started: at("2026-01-05T10:00:00Z"), Finished: at("2026-01-05T09:00:00Z")}, // ends before it begins
	})
	if n.Deployments != 5 || len(n.Durations) != 3 || n.HasMedian() || n.Median() != 30*time.Minute || n.Ended() != 5 || n.Outcome(records.Succeeded) != 3 {
		t.Errorf("got %+v", n)
	}
}

func TestQuarter(t *testing.T) {
	for day, want := range map[string]string{
		"2026-01-01": "2026-01-01", "2026-03-31": "2026-01-01", "2026-04-01": "2026-04-01", "2026-11-23": "2026-10-01", "2026-12-31": "2026-10-01",
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		_, _, from, to := Quarter(d)
		if from.Format(time.DateOnly) != want || !to.Equal(from.AddDate(0, 3, 0)) {
			t.Errorf("%s lies in the quarter from %s to %s", day, from, to)
		}
	}
}

func TestUnfinished(t *testing.T) {
	start := at("2026-01-01T10:00:00Z")
	for hours, want := range map[int]bool{1: false, 24: false, 25: true} {
		r := &records.Record{Status: records.InProgress, Started: start}
		if got := Unfinished(r, start.Time.Add(time.Duration(hours)*time.Hour)); got != want {
			t.Errorf("after %d hours: %v", hours, got)
		}
	}
	if Unfinished(&records.Record{Status: records.Failed, Started: start}, start.Time.AddDate(1, 0, 0)) {
		t.Error("a failed deployment is finished")
	}
}

func TestSectionTimes(t *testing.T) {
	start := time.Date(2024, 8, 31, 14, 30, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	r := &records.Record{Started: records.Moment{Time: start}, Steps: []records.Step{
		{Section: "Pre-flight", At: at(5)},
		{Section: "Rollout", At: at(20)},
		{Section: "Rollout"},
		{Section: "Pre-flight", At: at(26)}, // gone back to
		{Section: "Rollout", At: at(-3)},    // a clock that was wrong
		{Section: "Clean up"},
	}}
	want := []SectionTime{{"Pre-flight", 11 * time.Minute}, {"Rollout", 15 * time.Minute}}
	if got := SectionTimes(r); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	r.Started = records.Moment{}
	if got := SectionTimes(r); got != nil {
		t.Errorf("without a start: %v", got)
	}
}
