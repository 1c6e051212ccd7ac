package adopt

import (
	"strings"
	"testing"
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
