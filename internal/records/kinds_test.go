package records

import (
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
)

// kindCase is a body, and what is read of it; "" means that nothing must be.
type kindCase struct{ body, want string }

// kinds of facts, each with wordings, languages and shapes of it. Of every kind there
// are at least three that are read and two that must not be.
var kinds = map[string][]kindCase{
	"head": {
		{"> **Status:** ❌ Failed\n> **Environment:** production\n", "status=failed env=production"},
		{"> [!NOTE]\n> Version: 1.2\n", "version=1.2"},
		{"**Status**: failed | **Environment**: production | **Version**: 1.2\n", "status=failed env=production version=1.2"},
		{"Umgebung: Produktion · Version: 1.2 • Ergebnis: zurückgerollt\n", "status=rolled-back env=Produktion version=1.2"},
		{"Version: 1.2, Environment: qa; Deployed by: Ada Park\n", "env=qa version=1.2 by=Ada Park"},
		{"* **Status** – failed\n* **Version** — 1.2\n", "status=failed version=1.2"},
		{"- 🚦 **Status**: failed\n- 🌍 Environment: production\n- :rocket: **Version**: 1.2\n", "status=failed env=production version=1.2"},
		{"**Ｓｔａｔｕｓ**： failed\n**ｖｅｒｓｉｏｎ**：1.2\n", "status=failed version=1.2"},
		{"De\u0301ploye\u0301 par : Ada Park\n\nテ\u3099フ\u309aロイ担当: 佐藤\n", "by=Ada Park"},
		{"状\u614b：失敗\r\n環境：本番\r\n", "status=failed env=本番"},
		{"Environment: production\n---\n\nIt went on.\n\nVersion: 1.2\n", "env=production version=1.2"},
		{"**Status**: failed\n**Version**: 1.2\n===\n", "status=failed version=1.2"},
		{"<details><summary>More</summary>\n\n- Status: failed\n\n</details>\n", "status=failed"},

		{"**Environment**: production | **Owner**: Mei | **Version**: 1.2\n", "env=production version=1.2"},
		{"**Owner**: Mei · **Environment**: qa\n", "env=qa"},
		{"Environment: qa | Change window: open\n", "env=qa"},
		{"**Owner**: Mei, who said: Status: failed\n", ""},
		{"- Rollback:\n  - Version: 1.1\n  - Environment: staging\n", ""},
		{"The status was failed | the version 1.2\n", ""},
		{"Notes: all went well, Status: failed came from the load balancer\n", ""},
		{"**Backup** – taken\n**Versions** - see below\n", ""},
		{"```yaml\nstatus: failed\nversion: 1.2\n```\n", ""},
		{"<!-- Status: failed | Version: 1.2 -->\n", ""},
		{"    Status: failed\n", ""},
		{"- [x] **Version**: bumped\n- [ ] Environment: loaded\n", ""},
		{"Duration: 4m13s (Build: 1m, Version: 2m)\n", "took=4m13s"},
	},
	"sections": {
		{"## 📊 Deployment Summary\n\n> quoted\n\n- Status: failed\n", "status=failed"},
		{"## Overall outcome\n\n- Status: failed\n", "status=failed"},
		{"## リリース情報\n\n| 項目 | 値 |\n|---|---|\n| 環境 | 本番 |\n| バージョン | 1.2 |\n", "env=本番 version=1.2"},
		{"## Résumé de la mise en production\r\n\r\n- Version : 1.2\r\n", "version=1.2"},
		{"## Rollout at a glance\n\nVersion: 1.2 | Environment: qa\n", "env=qa version=1.2"},

		{"## Summary of the incident\n\n- Version: 1.2\n- Status: failed\n", ""},
		{"## Details of the rollback\n\n- Version: 1.1\n", ""},
		{"## Server information\n\n- Version: Ubuntu 22.04\n", ""},
		{"## Deployment information\n\n### Servers\n\n- Version: Ubuntu 22.04\n", ""},
		{"## Résumé\n\n> Version : 1.0, of the alert\n", ""},
	},
	"headings": {
		{"## Result\n\nSuccess\n", "status=succeeded"},
		{"## Overall result\n\n❌ Failed\n", "status=failed"},
		{"## Ergebnis\n\nZurückgerollt um 21:40 Uhr.\n", "status=rolled-back"},
		{"## Outcome\n\nThe deployment was rolled back after 20 minutes.\n", "status=rolled-back"},
		{"## Status: failed\n\n## Environment: production\n", "status=failed env=production"},
		{"## 🚦 Status: ✅ Success\n\n---\n\n## Version: 1.2\n", "status=succeeded version=1.2"},
		{"## 環境\n\n本番\n", "env=本番"},

		{"## Environment: staging\n\n- a\n\n## Environment: production\n\n- b\n", ""},
		{"## Result\n\nEverybody was happy, and so were we.\n", ""},
		{"## Result\n\nSuccess\n\nSo we thought, until the alarm came.\n", ""},
		{"## Tests\n\n### Result\n\nfailed\n", ""},
		{"## Rollback\n\n### Status: failed\n", ""},
		{"## Status of the tests: failed\n", ""},
	},
	"sign-off": {
		{"## Sign-off\n\n- Deployment Date: 2024-08-30 21:00\n- Status: failed\n", "status=failed start=2024-08-30 21:00"},
		{"## Approvals and sign-off\n\n- Deployed by: Ada Park\n- Status: approved\n", "by=Ada Park"},
		{"## Abnahme\n\n- Ergebnis: zurückgerollt\n- Datum: 2024-09-03\n", "status=rolled-back"},
		{"## Metadata\n\n- Date: 2024-08-30 21:00\n", "start=2024-08-30 21:00"},

		{"## Sign-off\n\n- Date: 2024-09-03\n", ""},
		{"## Approval\n\n- Approved by: Mei Tanaka\n- Status: approved\n- Time: 14:00\n", ""},
		{"## 承認\n\n- 日付: 2024-09-03\n- 状態: 承認済み\n", ""},
		{"## Sign-off\n\n| Role | Name | Date |\n|---|---|---|\n| Operator | Ada Park | 2024-09-03 |\n", ""},
	},
	"footers": {
		{"## Next\n\n- look\n\n---\n\n**Deployed by:** Ada Park  \n**Version:** 1.2  \n**Status:** ✅ Completed and verified\n", "status=succeeded version=1.2 by=Ada Park"},
		{"## Siguiente\n\nMirar.\n\n---\n\n**Fecha de despliegue**: 30 de agosto de 2024, 06:15 AM\n**Versión desplegada**: 1.2\n**Estado**: ✅ Completado y verificado\n**Downtime**: < 5 segundos\n", "status=succeeded version=1.2 start=2024-08-30 06:15"},
		{"## Weiter\n\n***\n\n- Deployment durchgeführt von: Ada Park\n- Ergebnis: zurückgerollt\n", "status=rolled-back by=Ada Park"},
		{"## 次\n\n---\n\nデプロイ担当: 佐藤\n結果: 成功\n", "status=succeeded by=佐藤"},
		{"## Suite\n\n---\n\n**Déployé par** : Ada Park\n**Validé par** : *(en attente)*\n**Prochaine révision** : 12\n", "by=Ada Park"},
		{"## Next\n\n---\n\n**Deployed by:** Ada Park\n", "by=Ada Park"},
		{"## Sonst\n\n---\n\n- Umgebung: Produktion\n- Agent: Beispiel\n", "env=Produktion"},
		{"## Next\n\n---\n\n**Environment**: production\n**Version**: 1.0\n**Status**: Approved\n", "env=production"}, // the others are the document's

		{"## Next\n\n---\n\n**Version:** 1.3\n**Status:** Approved\n**Last updated:** 2024-08-30\n", ""},
		{"## Next\n\n---\n\n**Status:** success\n**Version:** 1.2\n", ""}, // of the document, maybe
		{"Text.\n\n## Next\n\nDeployed by: Ada Park\nStatus: success\n", ""},
		{"## Next\n\n---\n\nDeployed by: Ada Park\nStatus: success\n\n---\n\n**Shop**\n_All rights reserved_\n", "status=succeeded by=Ada Park"},
		{"## Next\n\n---\n\nDeployed by: Ada Park\nStatus: success\n\nText.\n\n---\n\nAll rights reserved.\n", ""},
		{"## Next\n\n---\n\nDeployed by: Ada Park\nStatus: success\nand a sentence\n", ""},
	},
	"subtitles": {
		{"## Shop 4.2 to production\n\n**Date**: 2024-08-30 14:00\n**Environment**: production\n", "env=production start=2024-08-30 14:00"},
		{"## Hotfix der Anmeldung\n\n- Durchgeführt von: Ada Park\n- Ergebnis: zurückgerollt\n", "status=rolled-back by=Ada Park"},
		{"## 定期リリース\n\n日付: 2024-08-30\n環境: 本番\n", "env=本番 start=2024-08-30"},

		{"## Database\n\n- Version: 14\n- Status: failed\n", ""},
		{"## Tests\n\n- Date: 2024-08-30\n- Status: failed\n", ""},
		{"## Rollback\n\n- Deployed by: Ada Park\n- Version: 1.1\n", ""},
		{"Text.\n\n## Shop\n\n- Date: 2024-08-30\n- Environment: qa\n", ""},
	},
	"where to": {
		{"- Deployed to: staging\n", "env=staging"},
		{"**Target:** prod-eu, prod-us\n", "env=prod-eu+prod-us"},
		{"Stufe: Abnahme\n", "env=Abnahme"},
		{"Déployé sur : recette et production\n", "env=recette+production"},
		{"- Environments updated: `dev`, `test` (both at once)\n", "env=dev+test"},
		{"- Environment(s): dev / qa（同時）\n", "env=dev+qa"},
		{"Deployment environment: blue\n", "env=blue"},
		{"- Environment: production (eu)\n", "env=production (eu)"},
		{"- Scope: dev, test, production\n", "env=dev+test+production"},
		{"- Scope: production and the docs\n", ""},
		{"- Escopo: checkout\n", ""},

		{"- Deployed to: https://shop.example.org\n- Target: the web servers\n", ""},
		{"Where: the usual place\nStage: two of three\n", ""},
		{"Ziel: schnellere Suche\n", ""},
		{"- Target: the web servers\n- Version: 1.2\n", "version=1.2"},
		{"Stage: two of three\nStatus: success\n", "status=succeeded"},
	},
	"more labels": {
		{"**Fecha:** 2024-08-30\n**Hora:** 23:10 (hora local)\n**Versión Desplegada:** 1.1.28\n", "version=1.1.28 start=2024-08-30 23:10"},
		{"Date: 2024-08-30\nTime: 11 PM (local time)\nPerformed by: Ada Park\n", "by=Ada Park start=2024-08-30 23:00"},
		{"Date: 2024-08-30\nDeployment time: 14:30\nTime taken: 40 min\n", "took=40m0s start=2024-08-30 14:30"},
		{"Date: 2024-08-30\nDeployment time: 12 minutes\n", "took=12m0s start=2024-08-30"},
		{"Deployment time: 2024-08-30 14:30\n", "start=2024-08-30 14:30"},
		{"Datum: 30.08.2024, 23 Uhr\nEnde: 01:30 (nächster Tag)\n", "took=2h30m0s start=2024-08-30 23:00"},
		{"Date: 2024-08-30 23:00\nEnd: 01:30 (next day)\n", "took=2h30m0s start=2024-08-30 23:00"},

		{"Planned start: 2024-08-30 21:00\nActual start: 2024-08-30 22:10\nActual end: 2024-08-30 22:50\nImplementation result: Successful\n", "status=succeeded took=40m0s start=2024-08-30 22:10"},
		{"| Feld | Wert |\n|---|---|\n| Geplantes Datum | 29.08.2024 |\n| Tatsächliches Datum | 30.08.2024, 22:10 Uhr |\n| Ende | 22:55 Uhr |\n", "took=45m0s start=2024-08-30 22:10"},
		{"Commit: see the ticket\nFinal version: 1.2\n", "version=1.2"},

		{"`Status: failed`\n", ""},
		{"Planned duration: 30 min\nEstimated time: 10 minutes\nDeployment window: 2024-08-30 22:00–23:00\n", ""},
		{"Time to first byte: 14:30\nTime zone: UTC\nElapsed since the freeze: 40 min\n", ""},
		{"Requested by: Ada Park\nImplemented by: Mei Tanaka\nDeployment lead: Kofi\n", ""},
	},
	"shapes": {
		{"**Environment:** production<br>**Version:** 3.4<br/>**Status:** Success\n", "status=succeeded env=production version=3.4"},
		{"Environment: qa<br />Version: 3.4\n", "env=qa version=3.4"},
		{"<b>Environment:</b> qa<br>\n<strong>Status</strong>: failed\n", "status=failed env=qa"},
		{"*Status:* failed\n_Version_: 1.2\n***Environment:*** qa\n", "status=failed env=qa version=1.2"},
		{"**Status: ✅ DEPLOYED**\n**Version: 1.2**\n", "status=succeeded version=1.2"},
		{"*Status: failed*\n_Environment: qa_\n", "status=failed env=qa"},
		{"Environment\n: qa\n\nVersion\n: 9.1\n", "env=qa version=9.1"},
		{"**Status**\n:   rolled back\n", "status=rolled-back"},
		{"status:: success\nversion:: 1.1\n", "status=succeeded version=1.1"},
		{"- **Informations générales**\n  - Environnement : qa\n  - Version : 3.2\n- Autres\n  - Statut : échec\n", "env=qa version=3.2"},
		{"<table>\n<tr><th>Environment</th><td>qa</td></tr>\n<tr><th>Status</th><td>✅ Success</td></tr>\n<tr><th>Owner</th><td>Mei</td></tr>\n</table>\n", "status=succeeded env=qa"},
		{"<dl>\n<dt>Version</dt><dd>1.2</dd>\n<dt>Env</dt>\n<dd>qa</dd>\n</dl>\n", "env=qa version=1.2"},
		{"<ul>\n<li><b>Status:</b> failed</li>\n<li>Version: 1.2</li>\n</ul>\n", "status=failed version=1.2"},
		{"Date: March 1, 2025 9:30 PM (GMT+1)\n", "start=2025-03-01 21:30"},
		{"日時：2025年3月10日（月）23:00〜23:40\n", "took=40m0s start=2025-03-10 23:00"},

		{"<table>\n<tr><td>Version</td><td>1.2</td><td>old</td></tr>\n<tr><td>Env</td><td>qa</td><td>old</td></tr>\n</table>\n", ""},
		{"<table>\n<tr><td>CPU</td><td>2</td></tr>\n<tr><td>Disk</td><td>ok</td></tr>\n<tr><td>RAM</td><td>4</td></tr>\n<tr><td>Version</td><td>1.2</td></tr>\n</table>\n", ""},
		{"<!--\n<table><tr><td>Version</td><td>1</td></tr><tr><td>Env</td><td>qa</td></tr></table>\n-->\n", ""},
		{"The environment\n: qa\n", ""},
		{"*One status: failed*\n", ""},
		{"*Note* status: failed\n", ""},
		{"std::vector of version::major\n", ""},
	},
	"versions": {
		{"Version: v1.1 → v1.2\n", "version=v1.2"},
		{"Version: from 1.1 to 1.2\n", "version=1.2"},
		{"Version: ~~1.1~~ **1.2** 🎉\n", "version=1.2"},
		{"New version: 1.2\nPrevious version: 1.1\n", "version=1.2"},
		{"Commit: abc1234..def5678\n", "commit=def5678"},
		{"Commit: [abc1234](https://example.org/c/abc1234) \"fix: login\"\n", "commit=abc1234"},
		{"Commit: abc1234 (main)\n", "commit=abc1234"},
		{"Commit: `abc1234` `abc1234def5678`\n", "commit=abc1234def5678"},
		{"Version: 1.2 → rolled back\n", "version=1.2 → rolled back"}, // as written: nobody knows more

		{"Version: vX.Y.Z\nCommit: ${COMMIT}\nService: {{ service }}\n", ""},
		{"Version: ~~1.2~~\n", ""},
		{"Version: HEAD (v2.4)\n", "version=v2.4"},
		{"**版本**：HEAD（v2.4，working tree）\n", "version=v2.4"},
		{"- Version: latest (1.4.2-rc.1, of Tuesday)\n", "version=1.4.2-rc.1"},
		{"- Version: main (1.4)\n", "version=1.4"},
		{"Version: HEAD (a86ab36)\n", "version=HEAD (a86ab36)"},
		{"Version: 1.5 (1.4 before)\n", "version=1.5 (1.4 before)"},
		{"Version: latest (was v2.3)\n", "version=latest"},

		{"Version: unknown\nCommit: n/a\nBranch: ?\n", ""},
		{"Previous version: 1.1\nRollback version: 1.1\nNode version: 20\n", ""},
	},
	"environments": {
		{"Environment: dev, test, production\n", "env=dev+test+production"},
		{"Umgebungen: Test und Produktion\n", "env=Test+Produktion"},
		{"環境: 検証、本番\n", "env=検証+本番"},
		{"Environment: prod-eu / prod-us\n", "env=prod-eu+prod-us"},
		{"Environment: staging → production\n", "env=staging+production"},
		{"| Key | Value |\n|---|---|\n| Env | ✅ qa & uat |\n| Version | 1 |\n", "env=qa+uat version=1"},
		{"Environment: Staging (first try)\n", "env=Staging"},
		{"Ambiente: produção (origin/main via squash do PR feat/x)\n", "env=produção"},
		{"Environment: production (eu-west-1, blue cluster)\n", "env=production (eu-west-1, blue cluster)"},
		{"環境：生产环境（正式部署）\n", "env=生产环境"},
		{"**Umgebung**: Test (Generalprobe für 4.2)\n", "env=Test"},
		{"**環境**: STAGING/TEST（v2.8 待人工验证）\n", "env=STAGING/TEST"},
		{"Environnement : production (deuxième essai)\n", "env=production"},

		{"Environment: production (eu-west-1)\n", "env=production (eu-west-1)"},
		{"Environment: Production (Cloud Run)\n", "env=Production (Cloud Run)"},
		{"Environment: staging (v3)\n", "env=staging (v3)"}, // may be its name
		{"Environment: Rack 4 (first try)\n", "env=Rack 4 (first try)"},
		{"Environment: production (10.0.0.12)\n", "env=production (10.0.0.12)"},
		{"Environment: production, rack 4\n", "env=production, rack 4"}, // one, as written
		{"Environment: production - not staging\n", "env=production - not staging"},
		{"Environment: search and rescue\n", "env=search and rescue"},

		{"Environment: [ ] dev [ ] production\n", ""},
		{"Environment:\n- dev\n- production\n", ""},
		{"Environment: unbekannt\n", ""},
	},
	"services": {
		{"Service: api, web and worker\n", "service=api+web+worker"},
		{"Services: api + web\n", "service=api+web"},
		{"サービス: 決済、検索\n", "service=決済+検索"},
		{"Service: 🛒 shop\n", "service=shop"},
		{"Service: Search and Discovery\n", "service=Search and Discovery"},

		{"Service: TBD\n", ""},
		{"Service level: gold\nService owner: Ada\n", ""},
	},
	"people": {
		{"Deployed by: Ada Park, SRE\n", "by=Ada Park"},
		{"Deployed by: Ada Park – SRE team\n", "by=Ada Park"},
		{"Deployed by: Ada Park and team\n", "by=Ada Park"},
		{"Deployed by: \"Ada Park\" 👩\u200d🚀\n", "by=Ada Park"},
		{"Deployed by: Ada Park, supervised by Mei Tanaka\n", "by=Ada Park"},
		{"Deployed by: Ada Park on behalf of Mei Tanaka\n", "by=Ada Park"},
		{"Deployed by: Ada Park at 14:30 on 2024-08-31, Mei Tanaka at 15:00\n", "by=Ada Park+Mei Tanaka"},
		{"Deployed by: Ada Park | Reviewer: Mei Tanaka\n", "by=Ada Park"},
		{"Deployed by: @ada @mei\n", "by=ada+mei"},
		{"| A | B |\n|---|---|\n| Deployed by | Ada Park<br>Mei Tanaka |\n| Env | qa |\n", "env=qa by=Ada Park+Mei Tanaka"},
		{"担当者：田中　太郎\n", "by=田中 太郎"},
		{"担当者：アダ・パーク\n", "by=アダ・パーク"}, // one name, of two parts
		{"Deployed by: DevOps team\n", "by=DevOps team"},
		{"Deployed by: Dr. Ada Park, Ph.D.\n", "by=Dr. Ada Park"},

		{"Deployed by: ?\n", ""},
		{"Deployed by: not Ada Park\n", ""},
		{"Deployed by: ~~Ada Park~~\n", ""},
		{"Deployed by: 2024-08-31 14:30\n", ""},
		{"Reviewed by: Mei Tanaka\nOn call: Kofi Mensah\nNotified: Ada\n", ""},
	},
	"times": {
		{"Date: Saturday, 31 August 2024\n", "start=2024-08-31"},
		{"Date: Sat 31 Aug 2024 14:30 CEST\n", "start=2024-08-31 14:30"},
		{"Datum: Samstag, 31. August 2024 um 14:30 Uhr\n", "start=2024-08-31 14:30"},
		{"Date: 31/08/2024 2:30 pm\n", "start=2024-08-31 14:30"},
		{"Date: ２０２４-０８-３１ １４：３０\n", "start=2024-08-31 14:30"},
		{"日時: 2024年8月31日（土） 14時30分\n", "start=2024-08-31 14:30"},
		{"日期：2024年8月31日14点05分\n", "start=2024-08-31 14:05"},
		{"Start: 14:30 UTC\nEnd: 15:10 UTC\n", "took=40m0s start=2024-08-31 14:30"},
		{"Date: 2024-08-30\nStart Time: 21:00\nEnd Time: 21:40\n", "took=40m0s start=2024-08-30 21:00"},
		{"Date: 📅 2024-08-31 ✅\nDuration: ⏱️ 40 min\n", "took=40m0s start=2024-08-31"},

		{"When: 31 August 2024, 14:30\nStart date: none\n", "start=2024-08-31 14:30"},
		{"**Quand** : samedi 31 août 2024\n", "start=2024-08-31"},
		{"Date de début : 1er août 2024 à 14h30\n", "start=2024-08-01 14:30"},
		{"Datum: Sonntag, 3. März 2024 um 9:05 Uhr\n", "start=2024-03-03 09:05"},
		{"Fecha: 31 de agosto de 2024, 14:30\nFim: desconhecido\n", "start=2024-08-31 14:30"},
		{"Дата: 31 августа 2024 г.\n", "start=2024-08-31"},
		{"Date: 2024-08-31 14:30 CEST (12:30 UTC)\n", "start=2024-08-31 14:30"},
		{"Date: 2024-08-31 20:30 EDT (00:30 UTC)\n", "start=2024-08-31 20:30"},
		{"Date: 2024-08-31 14:30 CEST (14:30 UTC)\n", ""}, // one of them is wrong
		{"Date: 2024-08-31 (12:30 UTC)\n", ""},
		{"Datum: 01.02.2024\n", "start=2024-02-01"}, // with dots the day comes first
		{"Data: 31 de agosto de 2024\nAmbiente: produção\n", "env=produção start=2024-08-31"},
		{"Data: 4 GB\nData: 31 tables\n", ""},
		{"Data: 31 foo 2024\nDatum: Mai 2024\n", ""},

		{"When: as soon as the freeze is over\nWhen in doubt: 2024-08-30\n", ""},
		{"Date: before 31 August 2024\n", ""},
		{"Date: 01/02/2024 14:30\n", ""},
		{"Date: YYYY-MM-DD HH:MM\n", ""},
		{"Date: 2024-08-31 (planned)\n", ""},
		{"Start: 14:30 CST\n", ""},
		{"Next date: 2024-09-30\nDate of birth: 1970-01-02\n", ""},
	},
	"ranges of times": {
		{"Date: 2025-10-09 02:00-04:45 UTC\n", "took=2h45m0s start=2025-10-09 02:00"},
		{"Date: 2025-10-09 02:00–04:45\n", "took=2h45m0s start=2025-10-09 02:00"},
		{"- **Date:** 2025-10-09 02:00 - 04:45 (UTC)\n", "took=2h45m0s start=2025-10-09 02:00"},
		{"Date: 2025-10-09 02:00-04:45\n", "took=2h45m0s start=2025-10-09 02:00"}, // there is no zone at -04:45
		{"Date: 2025-10-09 22:00-23:00\n", "took=1h0m0s start=2025-10-09 22:00"},
		{"When: October 9, 2025, 2:00 PM - 4:45 PM EST\n", "took=2h45m0s start=2025-10-09 14:00"},
		{"When: 9 Oct 2025, 11:00 – 1:30 p.m. PDT\n", "took=2h30m0s start=2025-10-09 11:00"},
		{"Date: 2025-10-09\nTime: 2–4 PM\n", "took=2h0m0s start=2025-10-09 14:00"},
		{"Datum: 09.10.2025, 22:00 bis 01:30 Uhr\n", "took=3h30m0s start=2025-10-09 22:00"},
		{"Zeitpunkt: Donnerstag, 9. Oktober 2025, von 22 Uhr bis 23 Uhr 30\n", "took=1h30m0s start=2025-10-09 22:00"},
		{"Date : 9 octobre 2025 de 22h à 23h30\n", "took=1h30m0s start=2025-10-09 22:00"},
		{"Fecha: 9 de octubre de 2025, 22:00 a 23:30\n", "took=1h30m0s start=2025-10-09 22:00"},
		{"Data: 2025-10-09\nHora: das 22h00 às 23h30\n", "took=1h30m0s start=2025-10-09 22:00"},
		{"日時: 2025年10月9日（木） 22時00分〜翌1時30分\n", "took=3h30m0s start=2025-10-09 22:00"},
		{"日期：2025年10月9日 22:00 至 23:30\n", "took=1h30m0s start=2025-10-09 22:00"},
		{"Date: 2025-10-09 23:00 UTC → 2025-10-10 00:15 UTC\n", "took=1h15m0s start=2025-10-09 23:00"},
		{"Date: 2025-10-09T23:00Z/2025-10-10T00:15Z\n", "took=1h15m0s start=2025-10-09 23:00"},
		{"Start: 14:00 UTC+5:30 – 15:00 UTC+5:30\n", "took=1h0m0s start=2024-08-31 14:00"},
		{"Date: 2025-10-09 14:00 to 15:00 +02:00\n", "took=1h0m0s start=2025-10-09 14:00"},
		{"Date (UTC): 2025-10-09 02:00-05:00\n", "took=3h0m0s start=2025-10-09 02:00"},
		{"| Key | Value |\n|---|---|\n| Date | 2025-10-09 02:00–04:45 UTC (2 h 45 min) |\n| Version | 1 |\n", "version=1 took=2h45m0s start=2025-10-09 02:00"},
		{"Date: 2025-10-09 22:00–01:30 (next day)\n", "took=3h30m0s start=2025-10-09 22:00"},
		{"Date: 2025-10-09 14:00–15:30 CST\n", "took=1h30m0s start=2025-10-09"},                                // whose time, nobody knows
		{"Date: 2025-10-09 09:00-10:00\n", "start=2025-10-09"},                                                 // or 9 o'clock in Hawaii
		{"Date: 2025-10-09 14:00–15:00\n\n## Sign-off\n\nEnd: 15:20\n", "took=1h20m0s start=2025-10-09 14:00"}, // the sign-off knows better
		{"Date: 9 octobre 2025 à 22h00 à 23h30\n", "took=1h30m0s start=2025-10-09 22:00"},
		{"Date: du 9 octobre 2025 à 23h00 au 10 octobre 2025 à 0h15\n", "took=1h15m0s start=2025-10-09 23:00"},
		{"Datum: 09.10.2025\nUhrzeit: 14–16 Uhr\n", "took=2h0m0s start=2025-10-09 14:00"},
		{"Date: 2025-10-07 to 2025-10-09\n", "start=2025-10-07"},
		{"Date: October 7–9, 2025\n", "start=2025-10-07"},
		{"Datum: 7.–9. Oktober 2025\n", "start=2025-10-07"},

		{"Time: 09:00-10:00\n", ""},
		{"Date: 2025-10-09 02:00–04:45 UTC (planned)\n", ""},
		{"Date: 2025-10-09 02:00–04:45 UTC (3 h)\n", ""}, // one of them is wrong
		{"Date: 2025-10-09 25:00–26:00\n", ""},
		{"Date: 2025-10-09 or 2025-10-10\n", ""},
		{"Date: 09/10/2025 02:00–04:45\n", ""},
		{"Maintenance window: 2025-10-09 02:00–04:45 UTC\nFreeze: 2025-10-01 to 2025-10-09\n", ""},
		{"Date: between 2025 and 2026\n", ""},
	},
	"outcomes": {
		{"Status: ~~success~~ failed\n", "status=failed"},
		{"Current status: live\n", "status=succeeded"},
		{"Gesamtergebnis: abgebrochen\n", "status=cancelled"},
		{"Status: failed | Result: rolled back\n", "status=rolled-back"},

		{"Status: {{ status }}\n", ""},
		{"Status: unknown\n", ""},
		{"Status: ~~success~~\n", ""},
		{"Status: success | failed\n", ""},
		{"Status page: failed\nHTTP status: failed\n", ""},
	},
	"durations": {
		{"Date: 2024-08-30\nDuration: ~~20 min~~ 40 min\n", "took=40m0s start=2024-08-30"},
		{"日付: 2024-08-30\n所要時間: ４０分\n", "took=40m0s start=2024-08-30"},
		{"Date: 2024-08-30\nDurée totale : 1 h 05 min (prévu : 40 min)\n", "took=1h5m0s start=2024-08-30"},

		{"Duration: up to 40 min\n", ""},
		{"Duration: 40 min or so\n", ""},
		{"Duration of the freeze: 40 min\nDowntime: 5 min\n", ""},
	},
}

func TestKindsOfFacts(t *testing.T) {
	for kind, cases := range kinds {
		read, not := 0, 0
		for _, test := range cases {
			if test.want == "" {
				not++
			} else {
				read++
			}
			for name, body := range map[string]string{"": "# T\n\n" + test.body, " with a byte order mark": "\ufeff# T\n\n" + test.body,
				" with the line ends of Windows": strings.ReplaceAll(strings.ReplaceAll("# T\n\n"+test.body, "\r\n", "\n"), "\n", "\r\n")} {
				r := Parse("2024-08-31.md", []byte(body), Options{Location: time.UTC})
				r.Environment.Value = joined(r.Environments)
				got := told(r)
				if r.Started.From == FromBody {
					got = strings.TrimSpace(got + " start=" + r.Started.Words())
				}
				if got != test.want || hasRule(r, problem.ReadingFailed) {
					t.Errorf("%s%s: %q is\n%q, want\n%q; %v", kind, name, test.body, got, test.want, r.Problems)
				}
			}
		}
		if t.Logf("%s: %d are read, %d are not", kind, read, not); read < 3 || not < 2 {
			t.Errorf("%s needs three that are read and two that are not", kind)
		}
	}
}
