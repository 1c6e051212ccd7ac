package importer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Key names the fact that a column, or a labelled line, holds.
type Key string

// The keys, as --column names them.
const (
	KeyDate        Key = "date"
	KeyTime        Key = "time" // a clock time beside a date
	KeyEnd         Key = "end"
	KeyDuration    Key = "duration"
	KeyStatus      Key = "status"
	KeyDeployer    Key = "deployer"
	KeyService     Key = "service"
	KeyEnvironment Key = "environment"
	KeyVersion     Key = "version"
	KeyCommit      Key = "commit"
	KeyBranch      Key = "branch"
	KeyTitle       Key = "title"
	KeyTags        Key = "tags"
	KeyLink        Key = "link"
)

// Keys lists the keys.
var Keys = []Key{KeyDate, KeyTime, KeyEnd, KeyDuration, KeyStatus, KeyDeployer, KeyService, KeyEnvironment, KeyVersion,
	KeyCommit, KeyBranch, KeyTitle, KeyTags, KeyLink}

// labels lists the folded names of columns and of labelled lines for each key. Where
// two columns have the same key, the name that comes first here counts.
var labels = map[Key][]string{
	KeyDate: {"date", "start", "started", "started at", "start time", "start date", "deployment date", "deploy date", "deployed at", "deployed on",
		"deployed", "deployment start", "date time", "datetime", "when", "released", "released at", "release date", "date hour",
		"datum", "beginn", "startzeit", "zeitpunkt", "wann", "datum uhrzeit", "datum zeit", "bereitgestellt am",
		"data", "data hora", "fecha", "日付", "日時", "デプロイ日時", "部署日期", "created at", "created", "timestamp"},
	KeyTime:        {"time", "clock", "hour", "uhrzeit", "zeit", "hora", "時刻"},
	KeyEnd:         {"end", "ended", "end time", "end date", "ended at", "finished", "finished at", "finish", "finish time", "completed", "completed at", "deployment end", "ende", "beendet", "fertig", "endzeit", "終了"},
	KeyDuration:    {"duration", "total duration", "took", "dauer"},
	KeyStatus:      {"status", "result", "outcome", "state", "success", "ok", "final status", "deployment status", "conclusion", "ergebnis", "erfolg", "zustand", "状態", "結果", "ステータス"},
	KeyDeployer:    {"deployer", "deployed by", "who", "operator", "by", "user", "author", "engineer", "person", "released by", "triggered by", "executed by", "responsible", "actor", "responsable", "responsável", "responsabile", "verantwoordelijk", "ответственный", "wer", "verantwortlich", "durchgeführt von", "bereitgestellt von", "ausgeführt von", "benutzer", "担当", "担当者"},
	KeyService:     {"service", "services", "app", "application", "project", "component", "system", "product", "dienst", "anwendung", "projekt", "komponente", "produkt", "サービス"},
	KeyEnvironment: {"environment", "env", "target", "target environment", "stage", "where", "wo", "wohin", "où", "dónde", "onde", "dove", "どこ", "umgebung", "ziel", "zielumgebung", "環境"},
	KeyVersion:     {"version", "release", "release version", "tag", "build version", "ausgabe", "fassung", "バージョン"},
	KeyCommit:      {"commit", "sha", "git commit", "commit sha", "git sha", "commit hash", "deployed commit", "revision", "コミット"},
	KeyBranch:      {"branch", "git branch", "ref", "zweig", "ブランチ"},
	KeyTitle: {"title", "summary", "what", "what changed", "change", "subject", "name", "titel", "was", "zusammenfassung", "änderung", "概要",
		"changes", "change summary", "summary of changes", "änderungen", "changements", "cambios", "mudanças", "alterações", "modifiche", "wijzigingen", "変更内容", "変更概要", "リリース内容",
		"变更概要", "变更内容", "变更说明", "更新内容", "发布内容", "변경 내용", "변경 사항", "изменения", "task", "aufgabe", "tâche", "tarea", "tarefa", "作業内容", "작업", "작업 내용", "任务", "задача"},
	KeyTags: {"tags", "labels", "schlagwörter", "schlagworte"},
	KeyLink: {"url", "link", "ticket url", "pull request", "pr url", "adresse"},
}

// keyNames finds a key by a folded label, and how much that label counts.
var keyNames = func() map[string]rankedKey {
	names := map[string]rankedKey{}
	for key, all := range labels {
		for i, name := range all {
			names[name] = rankedKey{key, i}
		}
	}
	for label, fact := range records.LabelledFacts() { // in more languages
		if key, ok := keyOfFact[fact]; ok && names[label].key == "" {
			names[label] = rankedKey{key, looseDates - 1}
		}
	}
	return names
}()

// keyOfFact is the key of a fact that records read.
var keyOfFact = map[string]Key{"deployer": KeyDeployer, "service": KeyService, "environment": KeyEnvironment, "version": KeyVersion, "commit": KeyCommit,
	"branch": KeyBranch, "start": KeyDate, "start time": KeyTime, "end": KeyEnd, "duration": KeyDuration, "status": KeyStatus}

type rankedKey struct {
	key  Key
	rank int // the place in the list; the lowest counts
}

// keyOf is the key that a label means, or "".
func keyOf(label string) Key { return keyNames[text.Fold(label)].key }

// set adds a value to the draft, unless the draft has one for the key. It returns what
// is wrong with the value, "" for nothing.
func (d *Draft) set(key Key, value string) (problem, hint string) {
	value = strings.TrimSpace(value)
	if records.IsPlaceholder(value) {
		return "", ""
	}
	switch key {
	case KeyEnvironment:
		value = records.EnvironmentOf(value)
	case KeyVersion:
		value = records.VersionOf(value)
	}
	texts := map[Key]*string{KeyEnvironment: &d.Environment, KeyVersion: &d.Version, KeyBranch: &d.Branch, KeyTitle: &d.Title}
	switch key {
	case KeyStatus:
		status, ok := records.ParseOutcome(lights.Replace(value))
		if !ok {
			return "the status “" + text.OneLine(value, 60) + "” is not known", "say how these ended by --status, or write succeeded, failed, rolled-back or cancelled"
		}
		d.Status = cmp.Or(d.Status, status)
	case KeyDeployer:
		d.Deployers = keepList(d.Deployers, peopleSeparator(), value)
	case KeyService:
		if sourceFile().MatchString(value) {
			return "", "" // a component of the code, not what was deployed
		}
		d.Services = keepList(d.Services, listSeparator(), value)
	case KeyTags:
		d.Tags = keepList(d.Tags, tagSeparator(), value)
	case KeyCommit:
		if !records.SeveralCommits(value) { // of which nobody knows which was deployed, as the record's problem says
			d.Commit = cmp.Or(d.Commit, longestHash(value))
		}
	case KeyLink:
		d.link("source", value)
	default:
		if known := texts[key]; known != nil {
			*known = cmp.Or(*known, text.OneLine(value, 300))
		}
	}
	return "", ""
}

// lights are marks that only tables of statuses use.
var lights = strings.NewReplacer("🟢", "✅", "🔴", "❌")

var (
	listSeparator   = text.Pattern(`\s*[,;\n]\s*`)
	peopleSeparator = text.Pattern(`\s*(?:[,;&\n]|\band\b|\bund\b)\s*`)
	tagSeparator    = text.Pattern(`[\s,;]+`)
	sourceFile      = text.Pattern(`^\.?[\w.@-]*(?:/[\w.@-]+)+\.(?:[cm]?[jt]sx?|php|py|rb|go|rs|java|kt|swift|cs|cc?|cpp|h|sh|ps1|sql|html?|s?css|vue|ya?ml|json|xml|toml|tf|md|mustache)$`)
	hash            = text.Pattern(`\b[0-9a-f]{7,64}\b`)
)

func keepList(known []string, separator *regexp.Regexp, value string) []string {
	if len(known) > 0 {
		return known
	}
	all := separator.Split(value, -1)
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// longestHash is the longest hash of a commit in a value, or "".
func longestHash(value string) (longest string) {
	for _, h := range hash().FindAllString(strings.ToLower(value), -1) {
		if len(h) > len(longest) {
			longest = h
		}
	}
	return longest
}

// moments reads start and end from their texts: the date, a clock time beside it,
// the end, and the duration.
func (d *Draft) moments(texts map[Key]string, opt Options) (lost string, err error) {
	date := texts[KeyDate]
	if clock := strings.TrimSpace(texts[KeyTime]); clock != "" && clockAtStart().MatchString(clock) {
		if at, err := findDate(date, opt); err == nil && at.DateOnly && at.lost == "" {
			date = date[:at.end] + " " + clock
		}
	}
	at, err := findDate(date, opt)
	if err != nil {
		return "", err
	}
	d.Started, d.Finished = at.Moment, at.until
	d.finish(texts[KeyEnd], texts[KeyDuration], opt)
	return at.lost, nil
}

// finish reads the end: a date, a clock time on the day of the start, or by the
// duration.
func (d *Draft) finish(end, duration string, opt Options) {
	if clockAtStart().MatchString(end) && !d.Started.DateOnly {
		end = d.Started.Time.Format(time.DateOnly) + " " + end
		if at, err := findDate(end, opt); err == nil && at.Time.Before(d.Started.Time) {
			end = d.Started.Time.AddDate(0, 0, 1).Format(time.DateOnly) + end[len(time.DateOnly):]
		}
	}
	if at, err := findDate(end, opt); err == nil && !at.Time.Before(d.Started.Time) {
		d.Finished = at.Moment
		return
	}
	if took, ok := records.ParseDuration(duration); ok && !d.Started.DateOnly {
		d.Finished = records.Moment{Time: d.Started.Time.Add(took), Local: d.Started.Local}
	}
}
