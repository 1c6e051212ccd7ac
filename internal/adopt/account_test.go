package adopt

import (
	"strings"
	"testing"
	"testing/fstest"
)

const openBoxes = "- [ ] back up\n- [ ] migrate\n- [ ] restart\n- [ ] look\n- [ ] tell\n"

// TestAccountsAreNoChecklists has documents that tell of one deployment, or of what may
// go wrong. Neither the checklist nor the process is made of them.
func TestAccountsAreNoChecklists(t *testing.T) {
	for name, content := range map[string]string{
		"docs/deploy-2.4-summary.md":              "# Shop 2.4: summary of the deployment\n\n**Date:** 2025-03-04\n\n- ✅ merged\n- ✅ tagged\n- ✅ built\n- ✅ started\n- ✅ looked\n",
		"DEPLOYMENT_SUCCESS.md":                   "# 🎉 The deployment went well\n\nYour site is live.\n\n" + openBoxes,
		"docs/launch-guide.md":                    "# Launch guide: 9 March 2026\n\n" + openBoxes,
		"docs/deployment.md":                      "# Shop to production\n\n**Status:** rolled back\n**Deployed by:** Ada Park\n\n1. stop\n2. start\n",
		"docs/Anleitung-go-live.md":               "# Go-live\n\n| Feld | Wert |\n|---|---|\n| Date | 2025-03-04 |\n| Status | ✅ erfolgreich |\n",
		"docs/Deployment-Bericht.md":              "# Umstellung der Kasse\n\n" + openBoxes,
		"docs/rapport-de-deploiement.md":          "# Mise en production\n\n" + openBoxes,
		"docs/デプロイ報告.md":                          "# カート\n\n" + openBoxes,
		"docs/deployment-troubleshooting.md":      "# When a deployment hangs\n\n1. Look into the log\n2. Restart\n",
		"docs/deploying.md":                       "# Troubleshooting deployments\n\n## It hangs\n\nRestart.\n",
		"docs/Fehlerbehebung-Deployment.md":       "# Wenn es hängt\n\n" + openBoxes,
		"docs/release-checklist.md":               "# Release checklist\n\n" + strings.ReplaceAll(openBoxes, "[ ]", "[x]"),
		"docs/deploy-steps.md":                    "# Steps\n\n- ✅ back up\n- ✅ migrate\n- ❌ restart\n- [ ] look\n",
		"docs/archive/deployment-checklist-v1.md": "# Deployment\n\n" + openBoxes,
		"docs/deprecated/deployment-guide.md":     "# How we deployed\n\nBy hand.\n",
		"docs/DEPLOYMENT_TO_DEV.md":               "# Phase 1A to dev ✅\n\n**Date:** January 28, 2026\n**Status:** ✅ SUCCESSFULLY DEPLOYED\n\n- [x] a\n- [ ] b\n",
		"docs/cart-deployment.md":                 "# Deployed: the new cart\n\n**When:** 4 March 2025\n**Result:** ✅ went live\n\n- [x] a\n- [x] b\n- [ ] c\n",
		"docs/deployment-notes-march.md":          "# Notes\n\n## Deployment details\n\n| Field | Value |\n|---|---|\n| Date | 2025-03-04 |\n| Deployed by | Ada Park |\n| Status | success |\n\n- [x] a\n",
		"docs/recap-deployment.md":                "# Deployment on Tuesday\n\n- [x] a\n- [x] b\n- [x] c\n- [x] d\n- [ ] e\n",
		"docs/production-deploy-friday.md":        "# Deploy of Friday 2025-03-07\n\n1. built\n2. pushed\n",
		"docs/Zusammenfassung-Deployment.md":      "# Was wir gemacht haben\n\n" + openBoxes,
		"docs/informe-despliegue.md":              "# Carrito\n\n" + openBoxes,
		"docs/deploy-errors.md":                   "# Troubleshooting of the deployment\n\n- Port taken: stop it\n",
		"docs/deployment-faq.md":                  "# Questions\n\nWhy does it hang?\n",
		"docs/deploy-common-issues.md":            "# What goes wrong\n\n" + openBoxes,
		"docs/部署总结.md":                            "# 购物车\n\n" + openBoxes,
		"docs/deployment-summary-guide.md":        "# What we did\n\n" + openBoxes,
	} {
		plan := look(t, repository(name, content), Facts{})
		if len(plan.finding("checklist"))+len(plan.finding("process")) > 0 || plan.content("deploysite.toml") != "" {
			t.Errorf("%s: found %v", name, plan.Found)
		}
		if len(plan.Left) == 0 || plan.Left[0].Path != name || !strings.Contains(plan.Left[0].Text, "not taken") {
			t.Errorf("%s: it is not said: %v", name, plan.Left)
		}
	}
}

// TestPlansOfOneDeployment are no checklist of all of them, and the report says why.
func TestPlansOfOneDeployment(t *testing.T) {
	for file, why := range map[string]string{
		"docs/PHASE6_DEPLOYMENT_GUIDE.md # Phase 6 deployment guide":                                             "names “Phase 6”",
		"docs/deploy-steps-phase-2b.md # Move the carts":                                                         "names “phase-2b”",
		"docs/deploy-runbook.md # Runbook: Phase III of the move":                                                "names “Phase III”",
		"docs/Deployment-Schritte.md # Welle 2: Umzug der Kasse":                                                 "names “Welle 2”",
		"docs/デプロイ手順.md # フェーズ3 本番デプロイ":                                                                          "names “フェーズ3”",
		"docs/prod-deployment-checklist.md # Deployment checklist - 2025-10-06":                                  "has a date",
		"docs/deployment-guide.md # Deployment guide, November 2025":                                             "has a date",
		"docs/deployment-steps.md # Go-live 2025-11":                                                             "has a date",
		"docs/liste-de-deploiement.md # Mise en production de août 2025":                                         "has a date",
		"docs/deploy-checklist.md # v2.4.0 deployment checklist":                                                 "names the version v2.4.0",
		"docs/release-checklist.md # Checklist for v2.4":                                                         "names the version v2.4",
		"docs/rollout-steps.md # Shop: rollout of 3.1.0":                                                         "names the version 3.1.0",
		"docs/deployment_checklist.md # Deployment\n\n**Deployment Date**: 2026-01-17\n**Start Time**: ________": "“Deployment Date” is 2026-01-17",
		"docs/go-live-checklist.md # Go-live\n\n- **Termin:** 14.11.2025, 22 Uhr\n":                              "“Termin” is 14.11.2025",
	} {
		name, head, _ := strings.Cut(file, " ")
		plan := look(t, repository(name, strings.ReplaceAll(head, `\n`, "\n")+"\n\n"+openBoxes), Facts{})
		if len(plan.finding("checklist"))+len(plan.finding("process")) > 0 {
			t.Errorf("%s: found %v", name, plan.Found)
		}
		if len(plan.Left) == 0 || plan.Left[0].Path != name || !strings.Contains(plan.Left[0].Text, why) {
			t.Errorf("%s: it is not said: %v, want %s", name, plan.Left, why)
		}
	}
	for _, file := range []string{
		"docs/prod-deployment-checklist.md # Deployment checklist\n\n## Phase 1: prepare",
		"docs/prod-deployment-checklist.md # Deployment checklist v2.4",
		"docs/prod-deployment-checklist.md # Deployment checklist (last updated 2025-10-06)",
		"docs/prod-deployment-checklist.md # Deployment checklist\n\n**Deployment Date**: YYYY-MM-DD",
		"docs/deployment-steps.md # Two-phase deployment",
		"docs/deployment-steps.md # Deployment steps\\n\\n**Status:** ✅ Production ready",
		"docs/deployment-steps.md # Deploying with Django 4.2",
		"docs/deploy-checklist.md # Checkliste, Stand Oktober 2025",
		"docs/deploy-checklist.md # How we deploy in phases",
	} {
		name, head, _ := strings.Cut(file, " ")
		plan := look(t, repository(name, strings.ReplaceAll(head, `\n`, "\n")+"\n\n"+openBoxes), Facts{})
		if got := plan.finding("checklist"); len(got) != 1 || got[0] != name {
			t.Errorf("%s: found %v, left %v", file, plan.Found, plan.Left)
		}
	}
}

// TestRunbooks may be of anything: those of deployments say so.
func TestRunbooks(t *testing.T) {
	for title, want := range map[string]bool{
		"Deployment runbook": true, "Runbook: v2 release, step by step": true, "Betriebshandbuch: Bereitstellung": true, "本番リリース手順": true,
		"Home lab runbook": false, "Month-end closing": false, "Betriebshandbuch": false, "How to rebuild a server": false, "Runbook": false,
	} {
		for _, name := range []string{"docs/runbook.md", "RUNBOOK.md", "ops/month-close-runbook.md"} {
			plan := look(t, repository(name, "# "+title+"\n\n"+openBoxes), Facts{})
			if got := len(plan.finding("checklist")) > 0; got != want {
				t.Errorf("%s, %s: a checklist: %v", name, title, got)
			}
		}
	}
}

// TestChecklistsThatLookLikeAccounts have a word, a day, a version or a few marks, and
// are what they are called.
func TestChecklistsThatLookLikeAccounts(t *testing.T) {
	for name, content := range map[string]string{
		"docs/deployment-report-template.md":    "# Deployment report\n\n" + openBoxes,
		"docs/post-deploy-status-check-list.md": "# After the deployment\n\n" + openBoxes,
		"docs/release-checklist.md":             "# Release checklist, as of 2025-03-04\n\n**Status:** Approved\n**Date:** 2025-03-04\n\n" + openBoxes,
		"RELEASE_CHECKLIST_v3.2.md":             "# Release checklist 3.2.1\n\n**Version:** 3.2.1\n\n" + openBoxes,
		"docs/deploy-checklist.md":              "# Checklist\n\n- [x] example of a tick\n" + openBoxes,
		"docs/deployment-steps.md":              "# Steps\n\n## Why\n\n- ✅ keeps data\n- ✅ keeps users\n\n## Steps\n\n" + openBoxes,
		"docs/runbooks/deploy.md":               "# Deploy\n\n" + openBoxes + "\n## Report the result\n\n- **Status**: succeeded\n- **Date**: 2025-03-04\n",
		"docs/Deployment-Checkliste.md":         "# Zusammenfassung\n\n**Stand:** 04.03.2025\n\n" + openBoxes,
		"docs/リリースチェックリスト.md":                   "# 結果の確認\n\n" + openBoxes,
	} {
		plan := look(t, repository(name, content), Facts{})
		if got := plan.finding("checklist"); len(got) != 1 || got[0] != name {
			t.Errorf("%s: found %v, left %v", name, plan.Found, plan.Left)
		}
	}
	for name, content := range map[string]string{
		"docs/deployment-guide.md":          "# Deployment guide\n\n- ✅ no downtime\n- ✅ no data loss\n- ✅ quick\n- ✅ easy\n- ✅ safe\n\nFirst this, then that.\n",
		"docs/complete-deployment-guide.md": "# Complete deployment and status guide, with all fixes\n\nFirst this.\n",
		"docs/deployment.md":                "# Deployments\n\n**Status:** Current\n**Last updated:** 2025-03-04\n\nFirst this, then that.\n",
		"docs/how-we-deploy.md":             "# How we deploy since 2019\n\nIf it fails, look for help in the report.\n",
	} {
		plan := look(t, repository(name, content), Facts{})
		if got := plan.finding("process"); len(got) != 1 || got[0] != name {
			t.Errorf("%s: found %v, left %v", name, plan.Found, plan.Left)
		}
	}
}

// TestFolderOfManyThings holds dated files of which a few are deployments: the folder
// that has only those is the records' one.
func TestFolderOfManyThings(t *testing.T) {
	files := repository("doc/SESION_2026-02-09_DESPLIEGUE_V34.md", "# Despliegue\n\n- [x] a\n")
	for _, name := range []string{"SESION_2026-02-01_PDF", "SESION_2026-02-02_ROLES", "2026-02-03_minutes", "36-despliegues/DESPLIEGUE_20260121", "36-despliegues/DESPLIEGUE_20260122"} {
		files["doc/"+name+".md"] = &fstest.MapFile{Data: []byte("# T\n\n- [x] a\n")}
	}
	if got := look(t, files, Facts{}).finding("records"); len(got) != 1 || got[0] != "doc/36-despliegues" {
		t.Errorf("records in %v", got)
	}
	delete(files, "doc/36-despliegues/DESPLIEGUE_20260121.md")
	delete(files, "doc/36-despliegues/DESPLIEGUE_20260122.md")
	if got := look(t, files, Facts{}).finding("records"); len(got) > 0 {
		t.Errorf("records in %v", got)
	}
}

// TestRecordAtTheTop is named: no folder holds it, so no build reads it.
func TestRecordAtTheTop(t *testing.T) {
	plan := look(t, repository("DEPLOYMENT_2025-10-06.md", "# Deployed\n\n- [x] a\n", "NOTES_2025-10-06.md", "# Notes\n"), Facts{})
	if len(plan.Left) == 0 || plan.Left[0].Path != "DEPLOYMENT_2025-10-06.md" || !strings.Contains(plan.Left[0].Text, "1 file with a record's name outside of a folder") {
		t.Errorf("left %v", plan.Left)
	}
}
