package adopt

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/importer"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// account says why a document tells of a single deployment, or of what may go wrong,
// and so is neither the checklist nor the process. It is "" where nothing says so. A
// checklist by its name may be called "deployment-report-template.md".
func account(name string, r *records.Record) string {
	base, title := path.Base(name), r.Title.Value+".md"
	isChecklist := checklistWords.in(base) || checklistWords.in(title)
	switch {
	case helpWords.in(base) || helpWords.in(title):
		return "it helps when something goes wrong"
	case planOfOne(base, r) != "":
		return planOfOne(base, r) + ", so it is of a single deployment; if all follow it, name it in deploysite.toml"
	case isChecklist && listWords.in(title):
	case !isChecklist && (reportWords.in(base) || reportWords.in(title) || doneWords.in(base) && !processWords.in(base)):
		return "it tells of what was done"
	}
	if r.StatusFrom == records.FromBody && slices.Contains(records.Endings, r.Status) && isOfADay(r) && 2*results(r) >= len(r.Steps) {
		return "it says how a deployment ended"
	}
	return ""
}

// planOfOne says by what a document is the plan of a single event, "" where nothing says
// so: a day, a phase or a version in its title, or a day of deployment among its facts. A
// document has a version and a day of its own, too.
func planOfOne(base string, r *records.Record) string {
	title := r.Title.Value
	name := strings.TrimSuffix(base, path.Ext(base))
	for _, said := range []struct{ what, in string }{{"title", title}, {"name", separators.Replace(name)}} {
		if said.in == "" {
			continue
		}
		if (importer.HasDate(said.in) || aMonth().MatchString(said.in)) && !ownDateWords.in(said.in+".md") {
			return "its " + said.what + " has a date"
		}
		if m := aPhase().FindStringSubmatch(said.in); m != nil {
			return "its " + said.what + " names “" + m[1] + m[2] + "”"
		}
		if m := versionOfOne().FindStringSubmatch(said.in); m != nil {
			return "its " + said.what + " names the version " + cmp.Or(m[1], m[2], m[3])
		}
	}
	for _, l := range r.Labelled() {
		if daysOfOne[text.Fold(l.Label)] && importer.HasDate(l.Value) {
			return "its “" + l.Label + "” is " + text.OneLine(l.Value, 40)
		}
	}
	if said := statusLine().FindSubmatch(r.Source[:min(len(r.Source), 1000)]); said != nil && readyTo().Match(said[1]) {
		return "it says “" + text.OneLine(string(said[1]), 40) + "”"
	}
	return ""
}

// separators are blanks in a file's name.
var separators = strings.NewReplacer("_", " ")

var (
	aMonth = text.Pattern(`(?i)\b(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|fév|avr|juin|juil|août|déc|dic)\pL*\.?[ -](?:de )?20\d\d\b|\b20\d\d-(?:0[1-9]|1[0-2])\b|\bq[1-4][ /-]?20\d\d\b|\b20\d\d[ /-]?q[1-4]\b|20\d\d ?年 ?\d{1,2} ?月`)
	aPhase = text.Pattern(`(?i)(?:^|[^\pL])((?:phase|fase|sprint|milestone|meilenstein|iteration|wave|welle|vague|tranche|фаза|этап)[ -]?(?:\d+[a-z]?|[ivx]+))(?:[^\pL\d]|$)|((?:フェーズ|阶段|階段|단계) ?\d+|第 ?\d+ ?(?:フェーズ|期|阶段))`)
	// versionOfOne is a version in front, or behind a word that says where to. One behind
	// the title is the document's own.
	versionOfOne = text.Pattern(`(?i)^(?:release |version |hotfix |patch )?(v?\d+\.\d+(?:\.\d+)*)[ :–-]|\b(?:for|of|to|für|auf|zu|von|pour|vers|de|para|per)[ -](?:release |version )?(v\d+(?:\.\d+)+|\d+\.\d+\.\d+)|^\pL+[ -](v\d+\.\d+(?:\.\d+)*)[ -]`)
)

// statusLine is the status of a document, near its top.
var statusLine = text.Pattern(`(?mi)^\W{0,6}(?:status|statut|stand|estado|stato|ステータス|状態|状态)\W{1,8}(.*)$`)

// readyTo is said of a change that is to be deployed, not of a checklist.
var readyTo = text.Pattern(`(?i)\bready (?:for|to) (?:\pL+ ){0,2}(?:deploy|release|launch|ship|roll|prod|staging|go)|\bbereit (?:für|zum|zur) |\bprête? (?:pour|à) |\blist[oa] para |\bpront[oa] (?:para|per) |(?:デプロイ|リリース)準備完了|准备就绪`)

// isOfADay reports whether the document's facts have a date, in whichever form.
func isOfADay(r *records.Record) bool {
	return r.Started.From == records.FromBody || len(r.Deployers) > 0 ||
		slices.ContainsFunc(r.Metrics, func(m records.Metric) bool { return importer.HasDate(m.Value.Value) })
}

// filledIn reports whether most of the boxes and marks have a result: a checklist that
// was worked through, or a list of features.
func filledIn(r *records.Record) bool {
	n := results(r)
	return n >= 3 && 2*n > len(r.Steps)
}

func results(r *records.Record) (n int) {
	for _, s := range r.Steps {
		if s.State != records.Pending {
			n++
		}
	}
	return n
}

// isPutAway reports whether a folder says that what lies in it is no longer used.
func isPutAway(name string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), archiveWords.in)
}
