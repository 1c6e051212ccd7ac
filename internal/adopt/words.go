package adopt

import (
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Documents are known by the words in their names. Whole words count where a
// script has spaces between them, so that "deploy" is in "deploy-steps.md" and
// not in "redeployer.go"; where a word ends in "*", its beginning does.
var (
	strongWords = words("deploy* rollout* go-live golive cutover",
		"bereitstellung* inbetriebnahme* einspielung* produktivsetzung*",
		"deploiement* mise-en-production mep",
		"despliegue* implantacao* wdrozen* uitrol*",
		"депло* развертыван* выкладк* выкатк*",
		"デプロイ 部署 上线 上線 배포")
	weakWords = words("release* releasing launch* shipping ship production prod publishing runbook*", // of other things as well
		"auslieferung* livraison* lanzamiento* publicacao liberacao rilascio* релиз*",
		"リリース 本番 发布 發布 릴리스 릴리즈")
	checklistWords = words("checklist* check-list todo* step* runbook* procedure* playbook* template*",
		"checkliste* prüfliste* pruefliste* vorlage* schritte",
		"liste* etapes procedure* lista* pasos passos procedimento* procedimiento*",
		"чеклист* чек-лист* инструкц*",
		"チェックリスト 手順 清单 清單 检查 檢查 步骤 步驟 체크리스트 점검 절차")
	processWords = words("process* guide* how-to howto how-we-deploy policy policies workflow* strategy handbook* instructions deployment deploying deploy releasing release",
		"prozess* ablauf* anleitung* leitfaden* handbuch*",
		"processus guia* proceso* processo* manual*",
		"процесс* руководств*",
		"ガイド フロー 運用 流程 指南 가이드 프로세스")
	logWords = words("log* history journal* register protocol* records deployments releases",
		"protokoll* historie* logbuch* verlauf",
		"historique* historial historico* registro* registre",
		"история журнал*",
		"履歴 記録 ログ 日志 日誌 记录 紀錄 이력 기록")
	otherWords = words("test* issue bug feature security contributing code-of-conduct onboarding migration* pull-request pr postmortem* incident* adr* rfc* readme changelog license")
)

// speaksOf tells whether a name speaks of deployments.
func speaksOf(name string) bool { return strongWords.in(name) || weakWords.in(name) }

type wordList struct {
	whole   map[string]bool
	begins  []string
	anyhere []string // of scripts without spaces
}

func words(lines ...string) (l wordList) {
	l.whole = map[string]bool{}
	for _, word := range strings.Fields(strings.Join(lines, " ")) {
		start, begins := strings.CutSuffix(word, "*")
		switch {
		case word[0] >= 0xE3: // kana, ideographs, Hangul in UTF-8
			l.anyhere = append(l.anyhere, word)
		case begins:
			l.begins = append(l.begins, plain(start))
		default:
			l.whole[plain(word)] = true
		}
	}
	return l
}

// in tells whether a name has one of the words.
func (l wordList) in(name string) bool {
	name = plain(strings.TrimSuffix(name, path.Ext(name)))
	parts := strings.FieldsFunc(splitCamel(name), func(r rune) bool { return strings.ContainsRune("-_. ()[]&+,", r) })
	name = strings.ToLower(name)
	for i, part := range parts {
		part = strings.ToLower(part)
		if l.whole[part] || l.startsWith(part) {
			return true
		}
		joined := part
		for _, next := range parts[i+1:] { // "go-live", "check-list", "mise-en-production"
			joined += "-" + strings.ToLower(next)
			if l.whole[joined] || l.startsWith(joined) {
				return true
			}
		}
	}
	for _, word := range l.anyhere {
		if strings.Contains(name, plain(word)) {
			return true
		}
	}
	return false
}

func (l wordList) startsWith(part string) bool {
	for _, begin := range l.begins {
		if strings.HasPrefix(part, begin) {
			return true
		}
	}
	return false
}

// plain takes the accents off, whose spelling differs from system to system.
func plain(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if r < 0x300 || r > 0x36F {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// splitCamel puts a hyphen between the words of "DeploymentChecklist".
func splitCamel(s string) string {
	var b strings.Builder
	before := ' '
	for _, r := range s {
		if r >= 'A' && r <= 'Z' && before >= 'a' && before <= 'z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}
