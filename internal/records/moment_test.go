package records

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	zone := time.FixedZone("", 2*3600)
	for in, want := range map[string]string{
		"2024-08-31T14:30:00+02:00":          "2024-08-31T14:30:00+02:00",
		"2024-08-31T14:30:10.25Z":            "2024-08-31T14:30:10.25Z",
		"2024-08-31 14:30":                   "2024-08-31T14:30:00+02:00",
		"2024-08-31 14:30:05 -0530":          "2024-08-31T14:30:05-05:30",
		"2024-08-31 14:30 CEST":              "2024-08-31T14:30:00+02:00",
		"2024-08-31 14:30 vlat":              "2024-08-31T14:30:00+10:00",
		"2013-08-31 14:30 (MSK)":             "2013-08-31T14:30:00+04:00",
		"2024-08-31 14:30 NZDT":              "2024-08-31T14:30:00+13:00",
		"2024-08-31 14:30 (UTC)":             "2024-08-31T14:30:00Z",
		"2024-08-31 14:30 UTC+2":             "2024-08-31T14:30:00+02:00",
		"2024/08/31 2:30 pm":                 "2024-08-31T14:30:00+02:00",
		"2024-08-31, 12:05 AM":               "2024-08-31T00:05:00+02:00",
		"2024-08-31 at 14:30":                "2024-08-31T14:30:00+02:00",
		"2024-08-31":                         "date 2024-08-31",
		" 2024-08-31 ":                       "date 2024-08-31",
		"2024-02-30":                         "impossible",
		"2024-13-01T10:00:00Z":               "impossible",
		"2024-08-31 24:30":                   "impossible",
		"2024-08-31 10:60":                   "impossible",
		"2024-08-31T10:00:00+99:00":          "impossible",
		"0001-01-01T00:00:00Z":               "impossible",
		"2024-08-31 14:30 CST":               "zone",
		"31.08.2024":                         "no time",
		"yesterday":                          "no time",
		"":                                   "no time",
		"2024-08-31 14:30 and a long remark": "no time",
	} {
		if got := describeTime(in, zone); got != want {
			t.Errorf("ParseTime(%q): %s, want %s", in, got, want)
		}
	}
}

func describeTime(in string, zone *time.Location) string {
	at, err := ParseTime(in, zone)
	switch {
	case err == errNoTime:
		return "no time"
	case err == errNoSuchTime:
		return "impossible"
	case err == errZone:
		return "zone"
	case at.DateOnly:
		return "date " + at.Time.Format(time.DateOnly)
	}
	return at.Time.Format(time.RFC3339Nano)
}

func TestParseDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"47 minutes":              47 * time.Minute,
		"1 h 20 min":              80 * time.Minute,
		"2h":                      2 * time.Hour,
		"1 hour and 5 minutes":    65 * time.Minute,
		"01:05:30":                65*time.Minute + 30*time.Second,
		"90 s":                    90 * time.Second,
		"~40 minutes":             0,
		"37+ minutes (ongoing)":   0,
		"0 minutes":               0,
		"":                        0,
		"minutes":                 0,
		"4m13s (Build: 2m57s)":    4*time.Minute + 13*time.Second,
		"1h05":                    65 * time.Minute,
		"PT1H30M":                 90 * time.Minute,
		"2.5 hours":               150 * time.Minute,
		"1,5 Std.":                90 * time.Minute,
		"1½ hours":                90 * time.Minute,
		"1 Std. 20 Min.":          80 * time.Minute,
		"2 Stunden und 5 Minuten": 125 * time.Minute,
		"1時間20分":                  80 * time.Minute,
		"45 分":                    45 * time.Minute,
		"3 часа":                  3 * time.Hour,
		"1:30":                    0,
		"< 5 minutes":             0,
		"35–40 min":               0,
		"about an hour":           0,
		"5 min downtime":          0,
		"20 minutes 1 hour":       0,
		"12/14 steps":             0,
		"99999999999999999 hours": 0,
	} {
		if got, ok := ParseDuration(in); got != want && ok || ok != (want > 0) {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", in, got, ok, want)
		}
	}
}

func TestParseOutcome(t *testing.T) {
	for in, want := range map[string]Status{
		"✅ Yes":                         Succeeded,
		"❌ No":                          Failed,
		"✅":                             Succeeded,
		"yes, after the second attempt": Succeeded,
		"in-progress":                   InProgress,
		"rolled-back":                   RolledBack,
		"rolled-back - CDN":             RolledBack,
		"No - rolled back":              RolledBack,
		"Failed (rolled back)":          RolledBack,
		"🚧 IN PROGRESS - waiting":       InProgress,
		"[x] Yes [ ] No":                Succeeded,
		"[ ] Yes / [x] No":              Failed,
		"[ ] Yes [ ] No":                "",
		"✅ Yes / ❌ No":                  "",
		"✅/❌":                           "",
		"✅ Deployed successfully":       Succeeded,
		"success ✅":                     Succeeded,
		"Completed successfully":        Succeeded,
		"The deployment was successful": Succeeded,
		"✅ Shipped to all nodes":        Succeeded,
		"❌ the database did not start":  "",
		"❌ Node 3 never came back":      Failed,
		"Rolled back successfully":      RolledBack,
		"Deployed, then rolled back":    RolledBack,
		"rollback done":                 RolledBack,
		"erfolgreich":                   Succeeded,
		"zurückgerollt":                 RolledBack,
		"nein":                          Failed,
		"失敗":                            Failed,
		"no failure":                    "",
		"not deployed":                  "",
		"completed with errors":         "",
		"rollback failed":               "",
		"Rolled back (failed)":          RolledBack,
		"deployed, failed":              "",
		"✅ Most of it was rolled back":  "",
		"✅ Yes or no":                   "",
		"successful failover":           "",
		"the deployment":                "",
		"partly":                        "",
		"":                              "",
	} {
		if got, ok := ParseOutcome(in); got != want || ok != (want != "") {
			t.Errorf("ParseOutcome(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}
