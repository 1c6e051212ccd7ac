package records

import (
	"strings"
	"testing"
	"time"
)

func at(m Moment) string {
	if m.DateOnly {
		return m.Time.Format(time.DateOnly)
	}
	return m.Time.Format(time.RFC3339)
}

// A label may say whose start or end it tells, a time may have its day, a day its zone.
func TestWhoseTimes(t *testing.T) {
	for body, want := range map[string][2]string{
		"- Deployment Start Time: 2024-08-31 10:00 UTC\n- Deployment End Time: 2024-08-31 10:20 UTC": {"2024-08-31T10:00:00Z", "2024-08-31T10:20:00Z"},
		"- Release started at: 2024-08-31 10:00 UTC\n- Rollout duration: 12 min":                     {"2024-08-31T10:00:00Z", "2024-08-31T10:12:00Z"},
		"- Deployment-Beginn: 31.08.2024 10:00 UTC\n- Deployment-Dauer: 12 min":                      {"2024-08-31T10:00:00Z", "2024-08-31T10:12:00Z"},
		"- Deployment (UTC) start: 2024-08-30":                                                       {"2024-08-31", "0001-01-01T00:00:00Z"}, // no such label
		"- Test start time: 2024-08-30 10:00\n- Build duration: 5 min":                               {"2024-08-31", "0001-01-01T00:00:00Z"}, // of something else
		"**Time**: 2024-08-31 13:25 UTC":                                                             {"2024-08-31T13:25:00Z", "0001-01-01T00:00:00Z"},
		"**Date**: 2024-08-31\n**Time**: 2024-08-31 13:25 CEST\n**End**: 13:40":                      {"2024-08-31T13:25:00+02:00", "2024-08-31T13:40:00+02:00"},
		"**Heure** : 31 août 2024 13:25 UTC":                                                         {"2024-08-31T13:25:00Z", "0001-01-01T00:00:00Z"},
		"**Date**: 2024-08-31\n**Time**: 5 minutes":                                                  {"2024-08-31", "0001-01-01T00:00:00Z"},
		"**Date**: 2024-08-31 (UTC)":                                                                 {"2024-08-31", "0001-01-01T00:00:00Z"},
		"**Date**: 31 Aug 2024 (JST)\n**Start time**: 10:00\n**End time**: 10:30":                    {"2024-08-31T10:00:00+09:00", "2024-08-31T10:30:00+09:00"},
		"**Date**: 2024-08-31 UTC\n**Time**: 14:30":                                                  {"2024-08-31T14:30:00Z", "0001-01-01T00:00:00Z"},
		"**Date**: 30 Aug 2024 (PST) / 31 Aug 2024 (UTC)":                                            {"2024-08-31", "0001-01-01T00:00:00Z"}, // one moment, no range
		"**Date**: 2024-08-30 (draft)":                                                               {"2024-08-31", "0001-01-01T00:00:00Z"},
		"**Status**: done\n\n## ✅ Live\n\nIt is.\n\n**Time**: 2024-08-31 13:25 UTC":                  {"2024-08-31", "0001-01-01T00:00:00Z"}, // in no section of facts
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		if got := [2]string{at(r.Started), at(r.Finished)}; got != want {
			t.Errorf("%q:\n got %v\nwant %v", body, got, want)
		}
	}
}

// Below a heading such as "Deployment status" the facts may stand with labels.
func TestFactsBelowStatus(t *testing.T) {
	for body, want := range map[string]string{
		"## Deployment Status\n\n**Commit**: `2cc5ba97`\n**Status**: ❌ Failed":                             "failed 2cc5ba97",
		"## Goal\n\nx\n\n## Current status\n\n**Deployment Status**: ❌ FAILED (deploy 7)":                  "failed ",
		"## État du déploiement\n\n- **Statut** : échec":                                                   "failed ",
		"## ステータス\n\n- **ステータス**: 成功\n- **バージョン**: 1.2.0":                                                  "succeeded ",
		"## Release Status\n\n| Field | Value |\n|---|---|\n| Status | Rolled back |\n| Version | 1.2.3 |": "rolled-back ",
		"## Backend\n\n### Status\n\n**Status**: failed\n**Commit**: 2cc5ba97":                             "in-progress ",
		"## Rollback plan\n\n### Deployment status\n\n**Status**: failed":                                  "in-progress ",
		"## Deployment Status\n\n**Backend**: ❌ failed\n**Frontend**: ✅ live":                              "in-progress ",
		"## Deployment Status\n\n| Part | Status |\n|---|---|\n| Backend | failed |":                       "in-progress ",
		"**Commits Git** : `2cc5ba97` (feat: menu)\n**Git Hash**: 2cc5ba97\n**Status**: success":           "succeeded 2cc5ba97",
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		if got := string(r.Status) + " " + r.Commit.Value; got != want {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
}

// A sign-off in progress below a head that says the end is a contradiction; a head that was
// never updated is none.
func TestInProgressAfterTheEnd(t *testing.T) {
	for body, warned := range map[string]bool{
		"**Status**: ✅ Deployed\n\n## Sign-off\n\n**Deployment Status**: 🔄 In progress": true,
		"**Status**: failed\n\n## Result\n\n- Status: running":                          true,
		"**Statut** : échec\n\n## Résultat\n\n- Statut : en cours":                      true,
		"**Status**: in progress\n\n## Sign-off\n\n**Status**: succeeded":               false,
		"**Status**: 🔄 Deploying\n\n## Result\n\n- Status: rolled back":                 false,
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n"+body+"\n"), Options{})
		got := false
		for _, p := range r.Problems {
			got = got || strings.Contains(p.Message, "which counts")
		}
		if got != warned {
			t.Errorf("%q: warned is %v", body, got)
		}
	}
}

// That there was nothing is no issue, no lesson and no action.
func TestNothingToNote(t *testing.T) {
	for _, none := range []string{"None identified yet", "No issues", "None.", "No known problems so far.", "None so far (verification in progress)", "Nothing to report",
		"Keine Probleme aufgetreten", "Aucun problème rencontré", "Sin incidencias", "Nenhum problema encontrado", "Nessun problema riscontrato", "Geen problemen",
		"Проблем не обнаружено", "特になし", "問題はありませんでした。", "没有问题", "특이사항 없음"} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n## Issues Encountered\n\n- "+none+"\n\n### Critical\n\n"+none+"\n"), Options{})
		for _, n := range r.Notes {
			t.Errorf("%q is taken for a note: %q", none, n.Text)
		}
	}
	for _, some := range []string{"None of the pods came up", "No issues with the database, but the cache failed", "Nobody could log in", "No alerts", "No rollback was possible",
		"None so far (but the cache failed)", "No backup", "Kein Zugriff", "Проблема с кэшем", "問題があった", "Known issues remain", "Errors during the deployment"} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n## Issues Encountered\n\n- "+some+"\n"), Options{})
		if len(r.Notes) != 1 {
			t.Errorf("%q is lost", some)
		}
	}
	if r := Parse("2024-08-31.md", []byte("# Shop\n\n## What Went Well\n\n- No issues\n"), Options{}); len(r.Notes) != 1 {
		t.Error("what went well is lost")
	}
}

// A foot may have lines in bold among its labels; without a rule above it is one if it says
// who deployed, and nothing but facts.
func TestFootWithoutARule(t *testing.T) {
	for foot, want := range map[string]string{
		"---\n\n**Déploiement validé** ✅\n**Agent** : Bot\n**Environnement** : production": " production",
		"---\n\n✅ **All done**\n**Deployed by**: Ada Park":                                 "Ada Park ",
		"---\n\n_Release record_\n**Deployed by**: Ada Park\n**Environment**: qa":          "Ada Park qa",
		"---\n\nA sentence about it.\n**Environment**: qa":                                 " ",
		"---\n\n**Rollback plan**\n**Environment**: qa":                                    " ",
		"**Deployed by**: Ada Park":                                                        "Ada Park ",
		"**Deployment durchgeführt von:** Ada Park\n**Umgebung:** qa":                      "Ada Park qa",
		"**Déployé par** : Ada Park":                                                       "Ada Park ",
		"**Performed by**: Ada Park":                                                       "Ada Park ",
		"## Backup\n\n- [x] b\n\n**Performed by**: Ada Park":                               " ", // what, nobody knows
		"**Deployed by**: Ada Park\n**Cache**: purged":                                     " ",
		"## Contacts\n\nIn this order:\n\n**Deployed by**: Ada Park":                       " ",
		"## Rollback plan\n\nDo it.\n\n**Deployed by**: Ada Park":                          " ",
		"## Lessons learned\n\n- a lesson\n\n**Deployed by**: Ada Park":                    "Ada Park ",
	} {
		r := Parse("2024-08-31.md", []byte("# Shop\n\n## Steps\n\n- [x] a\n\n"+foot+"\n"), Options{})
		if got := strings.Join(Values(r.Deployers), ", ") + " " + strings.Join(Values(r.Environments), ", "); got != want || len(r.Notes) > 1 {
			t.Errorf("%q: got %q and %d notes, want %q", foot, got, len(r.Notes), want)
		}
	}
}

func TestPolish(t *testing.T) {
	for body, want := range map[string]string{
		"**Data wdrożenia:** 31 sierpnia 2024\n**Godzina:** 15:30\n**Wersja:** 1.2\n**Środowisko:** produkcja\n**Status:** ✅ zakończone sukcesem\n**Wykonał:** Ada Park": "succeeded 15:30 1.2 produkcja Ada Park",
		"## Szczegóły wdrożenia\n\n- Rozpoczęcie: 2024-08-31 10:00\n- Wynik: niepowodzenie\n- Wdrożone przez: Ada Park":                                                  "failed 10:00   Ada Park",
		"**Data**: 2024-08-31\n\n## Napotkane problemy\n\n- Brak problemów\n\n## Wnioski\n\n- wyczyścić cache":                                                           "in-progress 00:00    lesson",
		"**Data**: 2024-08-31\n\n## Plan wycofania\n\n- Wersja: 0.9\n- Status: nieudane\n- Wykonał: Ada Park":                                                            "in-progress 00:00   ",
		"**Data**: 2024-08-31\n**Status**: nie zakończono":                                                                                                               "in-progress 00:00   ",
	} {
		r := Parse("2024-08-31.md", []byte("# Sklep\n\n"+body+"\n"), Options{})
		got := strings.Join([]string{string(r.Status), r.Started.Time.Format("15:04"), r.Version.Value, r.Environment.Value, strings.Join(Values(r.Deployers), ", ")}, " ")
		for _, n := range r.Notes {
			got += " " + strings.TrimSuffix(string(n.Kind), "s")
		}
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", body, got, want)
		}
	}
	if !NamesProduction("Produkcja") || NamesProduction("przedprodukcyjne") {
		t.Error("production in Polish is not told from what comes before")
	}
}
