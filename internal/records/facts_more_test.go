package records

import (
	"strings"
	"testing"
	"time"
)

// TestFactsOfTables holds that what the columns of a table are called is no fact, but that a first row of facts is.
func TestFactsOfTables(t *testing.T) {
	for head, want := range map[string]string{
		"项目 | 内容":              "",
		"Project | Details":    "",
		"Service | Value":      "",
		"Projekt | Angaben":    "",
		"Service | payments":   "payments",
		"项目 | 订单":              "订单",
		"Service | Value Hub":  "Value Hub",
		"Application | Detail": "",
	} {
		rest := "\n|---|---|\n| Version | 1.2 |\n| Environment | production |\n"
		r := Parse("2026-03-03.md", []byte("# T\n\n| "+head+" |"+rest), Options{})
		if got := joined(r.Services); got != want || r.Version.Value != "1.2" {
			t.Errorf("%s: services %q, version %q", head, got, r.Version.Value)
		}
	}
	for head, want := range map[string]string{"<th>Project</th><th>Details</th>": "", "<td>Project</td><td>Web</td>": "Web"} {
		r := Parse("2026-03-03.md", []byte("# T\n\n<table>\n<tr>"+head+"</tr>\n<tr><td>Version</td><td>1.2</td></tr>\n<tr><td>Environment</td><td>production</td></tr>\n</table>\n"), Options{})
		if got := joined(r.Services); got != want || r.Version.Value != "1.2" {
			t.Errorf("%s: services %q, version %q", head, got, r.Version.Value)
		}
	}
}

// TestVersionsOfDocuments holds that what a checklist says of its own version is not read.
func TestVersionsOfDocuments(t *testing.T) {
	for line, want := range map[string]string{
		"Version: 3.1 (of this document)":   "",
		"Version: 3.1 (checklist)":          "",
		"Version: 2 (Vorlage)":              "",
		"版本：2.0（本文档）":                       "",
		"Version: 3.1 (hotfix)":             "3.1 (hotfix)",
		"Version: 3.1 (document service)":   "3.1 (document service)",
		"Version being deployed: 3.3.0":     "3.3.0",
		"Version to deploy: v3.3.0":         "v3.3.0",
		"Fallback version: 3.2.8":           "",
		"Current version: 3.2.8":            "",
		"Version à déployer : 3.3.0":        "3.3.0",
		"Previous version deployed: 3.2.10": "",
	} {
		if got := Parse("2026-03-03.md", []byte("# T\n\n"+line+"\n"), Options{}).Version.Value; got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestDayThatTheNameDecides has days that may be of two months, beside a file's name.
func TestDayThatTheNameDecides(t *testing.T) {
	for written, want := range map[string]string{
		"08/03/2026 22:00": "2026-03-08 22:00",
		"03/08/2026 22:00": "2026-03-08 22:00",
		"9/3/2026 01:00":   "2026-03-09 01:00", // after midnight
		"08-03-2026":       "2026-03-08 00:00",
		"08/04/2026 22:00": "", // neither is of the name
		"10/03/2026 22:00": "",
		"07/03/2026 22:00": "",
	} {
		for _, text := range []string{"# T\n\nStart: " + written + "\n", "---\ndate: \"" + written + "\"\n---\n# T\n"} {
			r := Parse("2026-03-08-deploy.md", []byte(text), Options{})
			got := ""
			if r.Started.From != FromFileName && !r.Started.IsZero() {
				got = r.Started.Time.Format("2006-01-02 15:04")
			}
			if got != want {
				t.Errorf("%q: %q, want %q; %v", text, got, want, r.Problems)
			}
		}
	}
	if r := Parse("deploy.md", []byte("# T\n\nStart: 08/03/2026 22:00\n"), Options{}); !r.Started.IsZero() {
		t.Errorf("without a day in the name: %v", r.Started)
	}
}

// TestNamedZones has times with the name of a zone.
func TestNamedZones(t *testing.T) {
	for written, want := range map[string]string{
		"2026-03-28 02:30 Europe/Berlin":                   "2026-03-28T02:30:00+01:00",
		"2026-07-01 14:30 (America/New_York)":              "2026-07-01T14:30:00-04:00",
		"2026-07-01 14:30 America/Argentina/Buenos_Aires":  "2026-07-01T14:30:00-03:00",
		"2026-03-29 02:30 Europe/Berlin":                   "2026-03-29T03:30:00+02:00 never was in Europe/Berlin",
		"2026-10-25 02:30 Europe/Berlin":                   "2026-10-25T02:30:00+02:00 was twice in Europe/Berlin",
		"2026-07-01 14:30 Europe/Nowhere":                  " has a time zone that is not known",
		"2026-07-01 14:30 ../etc":                          " is not a date",
		"July 1, 2026 14:30 Asia/Tokyo":                    "2026-07-01T14:30:00+09:00",
		"2026-07-01 14:30 Europe/Berlin, after the freeze": " is not a date",
	} {
		for _, text := range []string{"# T\n\nStart: " + written + "\n", "---\ndate: \"" + written + "\"\n---\n# T\n"} {
			if strings.HasPrefix(text, "---") && strings.HasPrefix(written, "July") {
				continue
			}
			r := Parse("deploy.md", []byte(text), Options{})
			got := ""
			if !r.Started.IsZero() && !r.Started.DateOnly {
				got = r.Started.Time.Format(time.RFC3339)
			}
			at, says, _ := strings.Cut(want, " ")
			var said string
			for _, p := range r.Problems {
				said += p.Message + "; "
			}
			if got != at || !strings.Contains(said, says) {
				t.Errorf("%q: %q, want %q; %s", text, got, want, said)
			}
		}
	}
}

// TestFactsThatSayMore has values with the version before, a place to look, a choice, and lines on a rollback.
func TestFactsThatSayMore(t *testing.T) {
	for lines, want := range map[string]string{
		"Version: 6.0.0 (was 5.9.9)":                          "6.0.0||",
		"Version: 6.0.0 (vorher 5.9)":                         "6.0.0||",
		"Version: 6.0.0 (Falcon)":                             "6.0.0 (Falcon)||",
		"Version: see CHANGELOG":                              "||",
		"Environment: siehe Ticket":                           "||",
		"Version: ver 1.2":                                    "ver 1.2||",
		"Environment: dev | test | prod":                      "||",
		"Environment: dev, test":                              "|dev+test|",
		"Rolled back: yes\n- Status: complete":                "||rolled-back",
		"Status: complete\n- Rollback performed: ja":          "||rolled-back",
		"Status: complete\n- Rolled back: no":                 "||succeeded",
		"Status: complete\n- Rolled back: maybe":              "||succeeded",
		"Rolled back: N/A\n- Status: failed":                  "||failed",
		"Status: completado sin errores":                      "||succeeded",
		"Status: deployed without issues":                     "||succeeded",
		"Status: success with no errors":                      "||succeeded",
		"Status: erfolgreich ohne Fehler":                     "||succeeded",
		"Status: completed with errors":                       "||",
		"Status: completed without the migration":             "||",
		"Status: deployed without success":                    "||",
		"Status: Succeeded (smoke tests red)":                 "||",
		"Status: failed without issues in the database":       "||failed",
		"Status: terminé sans erreur":                         "||succeeded",
		"Status: terminé avec des erreurs":                    "||",
		"Status: завершено без ошибок":                        "||succeeded",
		"Status: rolled back without problems":                "||rolled-back",
		"Status: not deployed without errors":                 "||",
		"Rollback plan executed: yes\n- Status: in progress":  "||in-progress",
		"Rollback: `kubectl rollout undo`\n- Status: success": "||succeeded",
	} {
		r := Parse("2026-03-03.md", []byte("# T\n\n- "+lines+"\n"), Options{})
		status := string(r.Status)
		if r.StatusFrom != FromBody {
			status = ""
		}
		if got := r.Version.Value + "|" + joined(r.Environments) + "|" + status; got != want {
			t.Errorf("%q: %q, want %q", lines, got, want)
		}
	}
}

// TestPeopleCalledLikeWords has a name that is a word for where to look.
func TestPeopleCalledLikeWords(t *testing.T) {
	for written, want := range map[string]string{"See Wong": "See Wong", "Ver Santos": "Ver Santos", "see the ticket": "", "siehe Ticket": "", "SEE TICKET": ""} {
		if got := joined(Parse("2026-03-03.md", []byte("# T\n\nDeployed by: "+written+"\n"), Options{}).Deployers); got != want {
			t.Errorf("%s: %q, want %q", written, got, want)
		}
	}
}
