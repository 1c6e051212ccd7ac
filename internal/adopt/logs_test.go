package adopt

import (
	"slices"
	"strings"
	"testing"
)

// TestLogsAreNoProcess has deployment logs, some with one entry only, in several
// languages and shapes.
func TestLogsAreNoProcess(t *testing.T) {
	for name, content := range map[string]string{
		"docs/deployment-log.md":        "# Deployment Log\n\n## 2026-01-29 - Fund page to staging\n\n**Status:** ✅ Deployed, waiting for review\n\n**Environment:** staging\n\n## Test fund\n\n- Post: 13854\n",
		"DEPLOY_LOG.md":                 "# DEPLOY LOG\n\n### **Push - hotfix PIX**\n- **Data/Hora**: 2026-05-26\n- **Status**: ✅ Concluído com sucesso\n\n### **Push - bot**\n- **Data/Hora**: 2026-05-22\n- **Status**: Incluído no push 2026-05-21\n",
		"docs/deploymentlog.md":         "# Deployments\n\n## 12 March 2024 – cart\n\n- [x] build\n- [x] test\n- [x] copy\n- [x] start\n- [x] look\n",
		"docs/Deployment-Protokoll.md":  "# Protokoll\n\n| Datum | Version |\n|---|---|\n| 31.08.2024 | 1.4.2 |\n",
		"docs/deployment.md":            "# Deployments\n\n## 2024-08-31 v1.4.2\n\nwent well\n\n## 2024-08-30 v1.4.1\n\nslow\n",
		"ops/PRODUCTION_DEPLOYMENTS.md": "# Production Deployment History\n\n| Date | Tag | Deployed By |\n|---|---|---|\n| 2025-12-02 08:47:25 UTC | `v1` | ada |\n",
		"docs/デプロイ履歴.md":                "# 履歴\n\n## 2024年8月31日 カート\n\n成功\n",
	} {
		plan := look(t, repository(name, content), Facts{})
		if got := plan.finding("log"); !slices.Equal(got, []string{name}) {
			t.Errorf("%s: logs %q; found %v", name, got, plan.Found)
		}
		if strings.Contains(plan.content("deploysite.toml"), name) {
			t.Errorf("%s is taken for something else: %s", name, plan.content("deploysite.toml"))
		}
	}
}

// TestNoLogs has documents with days in them that are no logs of deployments.
func TestNoLogs(t *testing.T) {
	const timeline = "| Time | Event |\n|---|---|\n| 2021-09-17 08:00 | Object applied |\n| 2021-09-17 13:35 | First report |\n| 2021-09-17 14:06 | Second report |\n" +
		"| 2021-09-18 14:48 | Removed it |\n| 2021-09-18 15:00 | Quiet |\n| 2021-09-18 16:00 | Closed |\n"
	for name, content := range map[string]string{
		"docs/PM-7 services deployed returning 504.md": "# Deployed services returned 504\n\n## Timeline\n\n" + timeline,
		"docs/deploy-broke-login.md":                   "# Postmortem: a deploy broke the login\n\n## What we saw\n\n" + timeline,
		"docs/deploy-stoerung.md":                      "# Warum das Deployment hing\n\n## Zeitlicher Ablauf\n\n- 2024-08-31 08:00 Anfang\n- 2024-08-31 09:00 Meldung\n- 2024-08-31 10:00 Neustart\n- 2024-09-01 08:00 Ruhe\n- 2024-09-01 09:00 Ende\n",
		"docs/deploy-outage.md":                        "# Outage\n\n## 2024-08-31 08:00 first\n\na\n\n## 2024-09-01 09:00 second\n\nb\n",
		"docs/rollout-night.md":                        "# One night\n\n## 2024-08-31 08:00 a\n\na\n\n## 2024-08-31 09:00 b\n\nb\n\n## 2024-08-31 10:00 c\n\nc\n\n## 2024-08-31 11:00 d\n\nd\n\n## 2024-08-31 12:00 e\n\ne\n",
		"docs/2021-09-17-deployment-outage.md":         "# Outage\n\n- [x] told everybody\n",
		"docs/postmortems/deployments.md":              "# Deployments\n\n## 2024-08-31 a\n\na\n\n## 2024-09-01 b\n\nb\n",
	} {
		plan := look(t, repository(name, content), Facts{})
		if len(plan.Found) > 0 || strings.Contains(plan.content("deploysite.toml"), "docs") {
			t.Errorf("%s: found %v", name, plan.Found)
		}
	}
	const days = "## Now\n\n- 2024-08-31 a\n- 2024-09-01 b\n- 2024-09-02 c\n- 2024-09-03 d\n- 2024-09-04 e\n\n## 2024-09-05 f\n\nf\n"
	for title, logs := range map[string]int{"Deployment guide": 0, "v2.7 部署指南": 0, "Anleitung zum Ausrollen": 0, "What was deployed": 1, "Deployment guide and log": 1} {
		if got := look(t, repository("docs/deployment.md", "# "+title+"\n\n"+days), Facts{}).finding("log"); len(got) != logs {
			t.Errorf("%s: logs %q", title, got)
		}
	}
	guide := "# How we deploy\n\n" + strings.Repeat("First this, then that, and never on a Friday.\n\n", 20) +
		"## Changes\n\n| Date | Change |\n|---|---|\n| 2024-08-31 | first |\n| 2024-09-01 | second |\n| 2024-09-02 | third |\n"
	plan := look(t, repository("docs/deployment.md", guide, "docs/deploy-log.md", "# Log\n\nNothing yet.\n"), Facts{})
	if got := plan.finding("process"); !slices.Equal(got, []string{"docs/deployment.md"}) {
		t.Errorf("processes %q", got)
	}
	if len(plan.finding("log")) > 0 || len(plan.Left) == 0 || plan.Left[0].Path != "docs/deploy-log.md" {
		t.Errorf("found %v, left %v", plan.Found, plan.Left)
	}
}

// TestRecordsOfFacts has dated files without steps: facts make them records.
func TestRecordsOfFacts(t *testing.T) {
	for content, want := range map[string]bool{
		"# v1.2\n\n- **Operator**: Ada\n- **Date**: 2024-08-31\n":                             true,
		"# v1.2\n\n| Field | Value |\n|---|---|\n| Status | failed |\n| Environment | qa |\n": true,
		"# v1.2\n\nFaster search, and the operator: a new one.\n":                             false,
		"# v1.2\n\n## Tests\n\n- Status: failed\n":                                            false,
	} {
		plan := look(t, repository("docs/releases/2024-08-31-v1.2.md", content), Facts{})
		if got := len(plan.finding("records")) > 0; got != want {
			t.Errorf("%q: %v", content, plan.Found)
		}
	}
}
