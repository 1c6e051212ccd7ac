package importer

import (
	"errors"
	"testing"
	"time"
)

func TestFindDate(t *testing.T) {
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2024-08-31":                            "2024-08-31",
		"2024-08-31 – v1.4.2 to production":     "2024-08-31",
		"[1.4.2] - 2024-08-31":                  "2024-08-31",
		"2024/8/31":                             "2024-08-31",
		"2024-08-31T14:30:10Z":                  "2024-08-31T14:30:10+00:00",
		"2024-08-31T14:30:10.123+05:30 x":       "2024-08-31T14:30:10+05:30",
		"2024-08-31 14:30":                      "2024-08-31T14:30:00",
		"2024-08-31 at 2:30 pm":                 "2024-08-31T14:30:00",
		"2024-08-31 (14:30 UTC)":                "2024-08-31T14:30:00+00:00",
		"2024-08-31 14:30 API release":          "2024-08-31T14:30:00",
		"2024-08-31 – 1.4.2":                    "2024-08-31",
		"Deployment 31 August 2024 14:30 CET":   "2024-08-31T14:30:00+01:00",
		"31. August 2024, 14:30 Uhr":            "2024-08-31T14:30:00",
		"31. August 2024 um 14 Uhr 30":          "2024-08-31T14:30:00",
		"7. Januar 2026":                        "2026-01-07",
		"Aug 31, 2024":                          "2024-08-31",
		"August 31st 2024 2:30 p.m. PDT":        "2024-08-31T14:30:00-07:00",
		"31-Aug-2024":                           "2024-08-31",
		"31.08.2024":                            "2024-08-31",
		"01.02.2024 14:30 MESZ":                 "2024-02-01T14:30:00+02:00",
		"2024年8月31日":                            "2024-08-31",
		"2024年8月31日 14時30分":                     "2024-08-31T14:30:00",
		"31/08/2024":                            "2024-08-31",
		"08/31/2024":                            "2024-08-31",
		"05/05/2024":                            "2024-05-05",
		"11:50:21 | 05/13/2026 EST - proxy":     "2026-05-13T11:50:21-05:00",
		"14:30, 31.08.2024":                     "2024-08-31T14:30:00",
		"2026-06-15 17:27 (America/Denver)":     "2026-06-15T17:27:00-06:00",
		"2026-04-25 08:59 VLAT":                 "2026-04-25T08:59:00+10:00",
		"2013-04-25 08:59 MSK":                  "2013-04-25T08:59:00+04:00", // an hour more than today
		"2024-08-31 14:30 KST 배포":               "2024-08-31T14:30:00+09:00",
		"2024-08-31 14:30 BRT":                  "2024-08-31T14:30:00-03:00",
		"2024-08-31 14:30 UAT":                  "2024-08-31T14:30:00",
		"2024-08-31 14:30 ART":                  "2024-08-31",
		"2024-08-31 14:30 CST":                  "2024-08-31", // of China or of Chicago
		"2024-08-31 14:30 IST":                  "2024-08-31",
		"01/02/2024":                            "ambiguous",
		"2024-02-30":                            "impossible",
		"2024-13-01":                            "impossible",
		"v2024.08.31":                           "none",
		"1.2.2024.5":                            "none",
		"12024-08-31":                           "none",
		"August 2024":                           "none",
		"Phase 07":                              "none",
		"https://example.org/2024/08/31/outage": "none",
		"2024-08/31":                            "none",
		"May the 4th":                           "none",
		"31.08.24":                              "none", // of which century?
		"192.168.20.70":                         "none",
		"Meeting on 3/4":                        "none",
		"\x1b[31m2024-08-31\x1b[0m":             "none",
		"２０２４-08-31":                            "none",
	} {
		at, err := findDate(text, Options{Project: stockholm})
		got := at.Moment.Exact()
		switch {
		case errors.Is(err, errNoDate):
			got = "none"
		case errors.Is(err, errAmbiguous):
			got = "ambiguous"
		case err != nil:
			got = "impossible"
		}
		if got != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestFindDateByOrder(t *testing.T) {
	for order, want := range map[DateOrder]string{DayFirst: "2024-02-01", MonthFirst: "2024-01-02"} {
		at, err := findDate("01/02/2024", Options{DateOrder: order})
		if got := at.Moment.Exact(); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", order, got, err, want)
		}
	}
	// What can be read in one way only is read so, whatever was said.
	at, err := findDate("31/08/2024", Options{DateOrder: MonthFirst})
	if got := at.Moment.Exact(); err != nil || got != "2024-08-31" {
		t.Errorf("31/08/2024: %s, %v", got, err)
	}
}

func TestZoneThatWasAskedFor(t *testing.T) {
	tokyo := time.FixedZone("", 9*3600)
	at, _ := findDate("2024-08-31 14:30", Options{Zone: tokyo})
	if got := at.Moment.Exact(); got != "2024-08-31T14:30:00+09:00" {
		t.Error(got)
	}
}

func TestTitleWithoutItsDate(t *testing.T) {
	for heading, want := range map[string]string{
		"Deployment on 3 March 2024":              "",
		"Deployment on Monday, the 4 March 2024":  "",
		"Release vom 31.08.2024":                  "",
		"Release 2024.08 vom Samstag, 31.08.2024": "Release 2024.08",
		"Rollout of v1.2 on 3 March 2024":         "Rollout of v1.2",
		"Déploiement le 31/08/2024":               "Déploiement",
		"Hotfix login as of 2024-04-02":           "Hotfix login",
		"What we rely on – 2024-03-01":            "What we rely on",
		"2024-03-01 – on call":                    "on call",
		"on 2024-03-01":                           "",
		"Failover (on 2024-03-01)":                "Failover",
	} {
		at, err := findDate(heading, Options{DateOrder: DayFirst})
		if err != nil {
			t.Fatal(err)
		}
		if got := titleWithout(heading, at); got != want {
			t.Errorf("%q: %q, want %q", heading, got, want)
		}
	}
}
