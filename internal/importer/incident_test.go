package importer

import "testing"

// drafts counts the deployments of a log, and those that cannot be read.
func drafts(log string) (found, refused int) {
	r := Read([]Source{{Name: "log.md", Data: []byte(log)}}, Options{})
	for _, rest := range r.Rest {
		if rest.Kind == Refused {
			refused++
		}
	}
	return len(r.Drafts), refused
}

func TestEventsAreNoDeployments(t *testing.T) {
	const days = "| Time | Event |\n|---|---|\n| 2024-08-29 10:00 | first |\n| 2024-08-31 11:00 | last |\n"
	for log, want := range map[string]int{
		"# The queue stood still\n\n## Timeline\n\n" + days + "\n## Contributing factors\n\n- a\n":                            0,
		"# Postmortem: the queue\n\n## Verlauf\n\n- 2024-08-29 erster\n- 2024-08-31 letzter\n":                                0,
		"# 障害報告\n\n## 時系列\n\n" + days:                                                                                         0,
		"# DNS\n\n| Name | Type | Value | TTL | Date |\n|---|---|---|---|---|\n| @ | A | 192.0.2.1 | 300 | 2024-08-31 |\n":    0,
		"# Umgebung\n\n| Schlüssel | Wert | Datum |\n|---|---|---|\n| a | 1 | 2024-08-31 |\n| b | 2 | 2024-08-30 |\n":         0,
		"# Deployments\n\n## Timeline\n\n" + days:                                                                             2,
		"# Deployments\n\n| Name | Version | Date |\n|---|---|---|\n| api | 1.2 | 2024-08-31 |\n| web | 1.3 | 2024-08-30 |\n": 2,
	} {
		if found, _ := drafts(log); found != want {
			t.Errorf("%q has %d deployments, want %d", log, found, want)
		}
	}
}

func TestOrderOfOtherDates(t *testing.T) {
	for log, refused := range map[string]int{
		"## 09/03/2024 a\n\na\n\n## 25/03/2024 b\n\nb\n":                              0,
		"| Date | Version |\n|---|---|\n| 09/03/2024 | 1.1 |\n| 25/03/2024 | 1.2 |\n": 0,
		"- 03/09/2024 v1.1\n- 03/25/2024 v1.2\n":                                      0,
		"## 09/03/2024 a\n\na\n\n## 10/03/2024 b\n\nb\n":                              2,
		"## 09/03/2024 a\n\na\n\n## 25/03/2024 b\n\nb\n\n## 04/26/2024 c\n\nc\n":      1,
	} {
		if _, got := drafts(log); got != refused {
			t.Errorf("of %q %d cannot be read, want %d", log, got, refused)
		}
	}
}
