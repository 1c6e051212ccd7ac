package importer

import (
	"strings"
	"testing"
	"time"
)

// TestDaysOfEntries has days in the line below a heading, and ranges within a month.
func TestDaysOfEntries(t *testing.T) {
	for log, want := range map[string]string{
		"## 1.3.9\n_2024-06-20_\n\n- a\n":         "2024-06-20 ",
		"## 1.3.9\n\n*(20 June 2024)*\n\n- a\n":   "2024-06-20 ",
		"## v2\n\n31.08.2024\n\n- a\n":            "2024-08-31 ",
		"## 2024-07-30/31 v1.4\n\na\n":            "2024-07-30 2024-07-31",
		"## 2024-07-30–31: v1.4\n\na\n":           "2024-07-30 2024-07-31",
		"## 2024-07-30/29 v1.4\n\na\n":            "2024-07-30 ", // not a later day
		"## 2024-02-28/31 v1.4\n\na\n":            "2024-02-28 ", // no such day
		"## 2024-07-03/14:30 v1.4\n\na\n":         "2024-07-03 ",
		"## 1.3.9\n\nSince 2024-06-20 we test.\n": "",
		"## 1.3.9\n\nText.\n\n_2024-06-20_\n":     "",
		"## 1.3.9\n\n2024-06-20 and 2024-06-21\n": "",
	} {
		got := ""
		for _, d := range Read([]Source{{Name: "log.md", Data: []byte("# Log\n\n" + log)}}, Options{}).Drafts {
			got += d.Started.Time.Format(time.DateOnly) + " "
			if !d.Finished.IsZero() {
				got += d.Finished.Time.Format(time.DateOnly)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", log, got, want)
		}
	}
}

// TestHoursOfEntries has the hours from when to when, which are no part of the title.
func TestHoursOfEntries(t *testing.T) {
	for heading, want := range map[string]string{
		"Web v1.4 (2024-07-30 18:50 - 19:00)": "Web v1.4, 18:50 to 19:00",
		"2024-07-30 18:50–19:00 Web v1.4":     "Web v1.4, 18:50 to 19:00",
		"2024-07-30 18:50 bis 19:00: Web":     "Web, 18:50 to 19:00",
		"2024-07-30 18:50 - 18:10 Web":        "18:10 Web, 18:50 to ",  // not a later hour
		"2024-07-30 18:50 – 2 services":       "2 services, 18:50 to ", // no hour
	} {
		drafts := Read([]Source{{Name: "log.md", Data: []byte("# Log\n\n## " + heading + "\n\n- a\n")}}, Options{}).Drafts
		if len(drafts) != 1 {
			t.Fatalf("%q: %d deployments", heading, len(drafts))
		}
		d, end := drafts[0], ""
		if !d.Finished.IsZero() {
			end = d.Finished.Time.Format("15:04")
		}
		if got := d.Title + ", " + d.Started.Time.Format("15:04") + " to " + end; got != want {
			t.Errorf("%q: %q, want %q", heading, got, want)
		}
	}
}

// TestClockRanges has start and end in one place of a log.
func TestClockRanges(t *testing.T) {
	for log, want := range map[string]string{
		"## 2025-10-14 09:00 - 10:30 v1.4\n\na\n":                                      "2025-10-14T09:00:00 1h30m0s v1.4",
		"## 2025-10-14 02:00-04:45 UTC: v1.4\n\na\n":                                   "2025-10-14T02:00:00+00:00 2h45m0s v1.4",
		"## 2025-10-14 (22:00–01:30 CEST) v1.4\n\na\n":                                 "2025-10-14T22:00:00+02:00 3h30m0s v1.4",
		"## 14. Oktober 2025, 22:00 bis 23 Uhr v1.4\n\na\n":                            "2025-10-14T22:00:00 1h0m0s v1.4",
		"## Oct 14, 2025 2:00 PM - 4:45 PM v1.4\n\na\n":                                "2025-10-14T14:00:00 2h45m0s v1.4",
		"- 2025-10-14 09:00–10:30 v1.4\n- 2025-10-15 v1.5\n":                           "2025-10-14T09:00:00 1h30m0s v1.4; 2025-10-15 v1.5",
		"| Date | Version |\n|---|---|\n| 2025-10-14 09:00-09:40 UTC | 1.4 |\n":        "2025-10-14T09:00:00+00:00 40m0s 1.4",
		"| Date | Time | Version |\n|---|---|---|\n| 2025-10-14 | 9:00–9:40 | 1.4 |\n": "2025-10-14T09:00:00 40m0s 1.4",
		"## v1.4\n\n- Date: 2025-10-14 02:00-04:45 UTC\n- Environment: qa\n":           "2025-10-14T02:00:00+00:00 2h45m0s v1.4",

		"## 2025-10-14 09:00-10:00 v1.4\n\na\n":        "2025-10-14 v1.4", // or 9 o'clock in Hawaii
		"## 2025-10-14 14:30-05:00 v1.4\n\na\n":        "2025-10-14T14:30:00-05:00 v1.4",
		"## 2025-10-14 14:30 - 2 nodes of v1.4\n\na\n": "2025-10-14T14:30:00 v1.4",
		"## 2025-10-14 14:30 and v1.4 at last\n\na\n":  "2025-10-14T14:30:00 v1.4",
	} {
		var got []string
		for _, d := range Read([]Source{{Name: "deploy-log.md", Data: []byte("# Log\n\n" + log)}}, Options{}).Drafts {
			told := d.Started.Exact()
			if !d.Finished.IsZero() {
				told += " " + d.Finished.Time.Sub(d.Started.Time).String()
			}
			got = append(got, told+" "+d.Version)
		}
		if told := strings.Join(got, "; "); told != want {
			t.Errorf("%q is\n%q, want\n%q", log, told, want)
		}
	}
}
