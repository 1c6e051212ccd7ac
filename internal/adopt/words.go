package adopt

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/text"
)

// Documents are known by the words in their names. A word stands for itself, as
// in "deploy-steps.md", not in "redeployer.go". One that ends in "*" stands for
// all that begin with it. Words of scripts without spaces may stand anywhere.
var (
	strongWords = words("deploy* rollout* go-live golive cutover",
		"bereitstellung* inbetriebnahme* einspielung* produktivsetzung*",
		"deploiement* mise-en-production mep",
		"despliegue* implantacao* wdrozen* uitrol*",
		"депло* развертыван* выкладк* выкатк*",
		"デプロイ 部署 上线 上線 배포")
	weakWords = words("release* releasing launch* shipping ship production prod publishing", // of other things as well
		"auslieferung* livraison* lanzamiento* publicacao liberacao rilascio* релиз*",
		"リリース 本番 发布 發布 릴리스 릴리즈")
	checklistWords = words("checklist* check-list todo* step* runbook* procedure* playbook* template*",
		"checkliste* prüfliste* pruefliste* vorlage* schritte",
		"liste* etapes procedure* lista* pasos passos procedimento* procedimiento*",
		"чеклист* чек-лист* инструкц*",
		"チェックリスト 手順 清单 清單 检查 檢查 步骤 步驟 체크리스트 점검 절차")
	runbookWords = words("runbook*")
	listWords    = words("checklist* check-list checkliste* prüfliste* чеклист* чек-лист* チェックリスト 清单 清單 체크리스트")
	processWords = words("process* guide* how-to howto how-we-deploy policy policies workflow* strategy handbook* instructions",
		"prozess* ablauf* anleitung* leitfaden* handbuch*",
		"processus guia* proceso* processo* manual*",
		"процесс* руководств*",
		"ガイド フロー 運用 マニュアル 流程 指南 手册 手冊 가이드 프로세스 매뉴얼")
	topicWords = words("deployment deploying deploy releasing release") // of a process, unless the name says more
	logWords   = words("log logs logbook* deploylog* deploymentlog* releaselog* history histories journal* diary chronicle* record records register protocol*",
		"protokoll* historie* logbuch* verlauf tagebuch*",
		"historique* historial historico* registro* registre",
		"история журнал*",
		"履歴 記録 ログ 日志 日誌 记录 紀錄 이력 기록")
	reportWords = words("report* summary summaries recap retrospective retro findings",
		"bericht* abschlussbericht* zusammenfassung* rückblick* rueckblick* nachbericht*",
		"rapport* bilan* compte-rendu recapitulatif*",
		"informe* resumen relatorio* resumo rapporto riepilogo verslag sprawozdani*",
		"отчет* отчёт*",
		"報告 报告 まとめ 总结 總結 보고서")
	doneWords = words("status success* succeeded complete completed completion progress result* fix fixes fixed recommendation*", // in a name; in a title they may mean something else
		"ergebnis* erfolgreich abgeschlossen", "resultat* resultado* risultat* итог*", "結果 结果 완료 结束")
	helpWords = words("troubleshoot* debugging known-issues common-issues common-errors faq",
		"fehlerbehebung* fehlersuche* problembehebung* störungsbehebung*",
		"depannage resolution-des-problemes solucion-de-problemas solucao-de-problemas probleemoplossing risoluzione-dei-problemi",
		"неполад*",
		"トラブル 故障 问题排查 問題排查 문제-해결 문제해결")
	archiveWords = words("archive* archived deprecated obsolete legacy old outdated attic superseded",
		"archiv* veraltet* alt ablage", "archivo archivado* arquivo* ancien* obsolet*", "архив*", "アーカイブ 归档 歸檔 旧 보관")
	ownDateWords = words("as-of updated revised revision reviewed valid-from since", // beside the date of a document that holds for all deployments
		"stand gültig-ab seit", "en-vigueur a-jour depuis", "actualizad* desde vigente atualizad* aggiornat*", "更新 現在 改訂 修订")
	manyWords     = words("deployments releases") // of a log or of a process
	incidentWords = words("postmortem* post-mortem* incident* outage* rca störung* stoerung* vorfall* vorfälle* ausfall* incidente*")
	otherWords    = words("test* issue bug feature security contributing code-of-conduct onboarding migration* pull-request pr postmortem* incident* adr* rfc* readme changelog license")
)

// folderWords are folders of documents on everything, plainWords what else stands in the name
// of a document on everything.
var (
	folderWords = words("docs doc documentation dokumentation dokumente documentacion documentacao wiki ops operations operation infra infrastructure devops sre runbook* guide* handbook* manual* process* how-to howto " +
		"engineering team internal project dev development tech ci cd github gitlab forgejo content pages reference 文档 文書 ドキュメント 文件 문서")
	plainWords = words("the a an our your we i to how of for and in on with by do is readme overview complete full quick general main standard sop doc docs documentation plan cd ci automated automatic manual " +
		"prod live staging stage environment* env server* application app site website web system project product team company vers* v1 v2 v3 zu zur zum der die das des und für fuer le la les de du des et el los y o e da do das dos en van het")
)

// daysOfOne label the day of one deployment.
var daysOfOne = text.Set(`deployment date, deploy date, release date, go live date, go live, target date, scheduled, scheduled for, scheduled date, planned for, planned date, deployment window, maintenance window, date of deployment
	bereitstellungsdatum, geplant für, geplant am, termin, wartungsfenster, date du déploiement, date de déploiement, date de mise en production, prévu le, fecha de despliegue, fecha prevista, data do deploy, data da implantação
	デプロイ日, デプロイ日時, 実施日, 実施予定日, 想定実施日, リリース日, 部署日期, 发布日期, 上线日期, 배포 일시`)

// speaksOf reports whether a name speaks of deployments. A runbook alone may be of
// anything.
func speaksOf(name string) bool { return strongWords.in(name) || weakWords.in(name) }

// wordList holds words as they are searched in a folded name: with a blank on each
// side where a word has to begin or end.
type wordList []string

func words(lines ...string) (list wordList) {
	for _, word := range strings.Fields(strings.Join(lines, " ")) {
		start, begins := strings.CutSuffix(word, "*")
		folded := text.Fold(plain(start))
		switch {
		case word[0] >= 0xE3: // kana, ideographs, Hangul in UTF-8
			list = append(list, folded)
		case begins:
			list = append(list, " "+folded)
		default:
			list = append(list, " "+folded+" ")
		}
	}
	return list
}

// in reports whether a name, without its extension, has one of the words.
func (l wordList) in(name string) bool {
	name = " " + text.Fold(camel().ReplaceAllString(plain(strings.TrimSuffix(name, path.Ext(name))), "$1 $2")) + " "
	return slices.ContainsFunc(l, func(word string) bool { return strings.Contains(name, word) })
}

// plain removes the accents of Latin letters, whose spelling differs between file
// systems.
func plain(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36F {
			return -1
		}
		return r
	}, norm.NFKD.String(s)))
}

// camel is a place between two words of "DeploymentChecklist".
var camel = text.Pattern(`([a-z])([A-Z])`)
