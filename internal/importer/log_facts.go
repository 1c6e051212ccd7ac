package importer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// facts reads what the text of a deployment tells: first as any record is read,
// then labelled lines in words that records do not know.
func (l *logReader) facts(d *Draft, start int) {
	if len(d.Body) > records.MaxSize {
		return // refused later
	}
	r := records.Parse(d.name(1), d.Body, records.Options{Location: l.opt.zone()})
	if r.StatusFrom == records.FromBody {
		d.Status = r.Status
	}
	d.Environment, d.Version, d.Branch = fromBody(r.Environment), fromBody(r.Version), fromBody(r.Branch)
	d.Commit = longestHash(fromBody(r.Commit))
	d.Deployers, d.Services = allFromBody(r.Deployers), allFromBody(r.Services)
	if day := d.Started.Time.Format(time.DateOnly); d.Started.DateOnly && !r.Started.DateOnly && r.Started.Time.Format(time.DateOnly) == day {
		d.Started = r.Started
		d.Started.Local = r.Started.Local && l.opt.Zone == nil
	}
	l.labels(d, r, start)
	if d.Finished.IsZero() && r.Finished.From == records.FromBody && !r.Finished.Time.Before(d.Started.Time) {
		d.Finished = r.Finished
		d.Finished.Local = r.Finished.Local && l.opt.Zone == nil
	}
}

func fromBody(t records.Text) string {
	if t.From != records.FromBody {
		return ""
	}
	return text.OneLine(t.Value, 300)
}

func allFromBody(texts []records.Text) (values []string) {
	for _, t := range texts {
		if v := fromBody(t); v != "" {
			values = append(values, v)
		}
	}
	return values
}

// labels reads the labelled lines on top of a section, and the status lines of
// its metrics.
func (l *logReader) labels(d *Draft, r *records.Record, start int) {
	texts := map[Key]string{}
	lines := r.Labelled()
	asksWhy := slices.ContainsFunc(lines, func(line records.LabelledLine) bool { return why[text.Fold(line.Label)] })
	for _, line := range lines {
		key := keyOf(line.Label)
		if key == "" || key == KeyDate || asksWhy && questions[text.Fold(line.Label)] {
			continue
		}
		texts[key] = cmp.Or(texts[key], line.Value)
		if key == KeyTitle {
			continue
		}
		l.set(d, key, withoutRemark(key, string(r.Source[line.Span.Start:line.Span.End]), line.Value), start+line.Span.Start)
	}
	d.Title = text.OneLine(texts[KeyTitle], 100)
	d.Environment = cmp.Or(d.Environment, placeOf(texts[KeyStatus]))
	for _, m := range r.Metrics {
		if keyOf(m.Label) == KeyStatus && d.Status == "" && !m.Value.IsZero() {
			l.set(d, KeyStatus, m.Value.Value, start+m.Value.Span.Start)
		}
	}
	if clock := texts[KeyTime]; d.Started.DateOnly && clockAtStart().MatchString(clock) {
		if at, err := findDate(d.Started.Time.Format(time.DateOnly)+" "+clock, l.opt); err == nil && at.lost == "" {
			d.Started, d.Finished = at.Moment, at.until
		}
	}
	d.finish(texts[KeyEnd], texts[KeyDuration], l.opt)
}

// A report on an incident asks who was hit and where, beside why. That is not who deployed,
// and where to.
var (
	why       = text.Set(`why, warum, pourquoi, por qué, por quê, perché, waarom, почему, dlaczego, なぜ, 为什么`)
	questions = text.Set(`who, where, wer, wo, qui, où, quién, dónde, quem, onde, chi, dove, wie, waar, кто, где, kto, gdzie`)
)

// withoutRemark is a value without the remark behind its name in code.
func withoutRemark(key Key, written, value string) string {
	switch key {
	case KeyService, KeyVersion, KeyBranch:
		return records.NamedInCode(written, value)
	}
	return value
}

func (l *logReader) set(d *Draft, key Key, value string, offset int) {
	if key == KeyStatus && d.Status != "" {
		return
	}
	if problem, hint := d.set(key, value); problem != "" {
		l.r.remark(l.source, offset, hint, "%s", problem)
	}
}

// generic are words that tell nothing in the heading of a deployment.
var generic = text.Set(`deployment, deployments, deploy, deployed, release, released, rollout, date, datum, on, at, am, vom, from, the, new
	production, prod, version, build, hotfix, monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, wed
	thu, fri, sat, sun, montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag, mo, di, mi, do, fr, sa, so, デプロイ
	リリース, 本番`)

var versionWord = text.Pattern(`^v?\d+$`)

// isGeneric reports whether the text before a date says nothing of its own:
// separators, versions, and generic words.
func isGeneric(before string) bool {
	before = version().ReplaceAllString(before, " ")
	for word := range strings.FieldsSeq(text.Fold(before)) {
		if !generic[word] && !versionWord().MatchString(word) {
			return false
		}
	}
	return true
}

// titleWithout is a heading without its date.
func titleWithout(title string, at stamp) string {
	title = text.Join(" ", trimTitle(withoutBeforeDate(title[:at.start])), trimTitle(title[at.end:]))
	if folded := text.Fold(title); generic[folded] && folded != "hotfix" { // which says more than the date
		return ""
	}
	return text.OneLine(title, 200)
}

// beforeDate are words that lead to a date and mean nothing without it.
var beforeDate = text.Set(`on, of, as, at, from, since, the, vom, am, dem, den, der, zum, seit, le, du, el, del, di, il, da, em, de, op, van, på
	monday, tuesday, wednesday, thursday, friday, saturday, sunday, mon, tue, wed, thu, fri, montag, dienstag, mittwoch
	donnerstag, freitag, samstag, sonnabend, sonntag, mo, mi, do, fr, sa, so, sat, sun, lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche, lunes, martes, miércoles, jueves, viernes`)

// withoutBeforeDate is the text before a date without the words that lead to it:
// "Deployment" of "Deployment on Monday, ".
func withoutBeforeDate(s string) string {
	for {
		s = strings.TrimRight(s, " \t,")
		start := strings.LastIndexAny(s, " \t") + 1
		if !beforeDate[text.Fold(s[start:])] {
			return s
		}
		s = s[:start]
	}
}

// trimTitle takes separators off both ends, and brackets that lost their other
// half.
func trimTitle(s string) string {
	isSeparator := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-–—:|,;·/@", r) }
	s = strings.TrimFunc(s, isSeparator)
	for _, pair := range []string{"()", "[]", "（）", "「」", "【】"} {
		runes := []rune(pair)
		opened, closed := strings.Count(s, string(runes[0])), strings.Count(s, string(runes[1]))
		if opened > closed {
			s = strings.TrimSuffix(s, string(runes[0]))
		}
		if closed > opened {
			s = strings.TrimPrefix(s, string(runes[1]))
		}
	}
	s = strings.TrimFunc(s, isSeparator)
	if len(s) > 2 && s[0] == '[' && strings.IndexByte(s, ']') == len(s)-1 {
		s = s[1 : len(s)-1]
	}
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, "()"), "()"))
}

// environmentWords are the names of environments that are known in running text.
const environmentWords = `production|préproduction|préprod|produktion|producción|preproducción|pruebas|produção|homologação|produzione|collaudo|productie|本番環境|本番|検証環境|検証|ステージング|生产环境|生产|测试环境|prod|staging|stage|preprod|pre-production|testing|test|qa|uat|integration|preview|development|dev|demo|sandbox|canary`

var (
	version     = text.Pattern(`(?:^|[\s\[(（])(v\d+(?:\.\d+)+(?:[-+][0-9A-Za-z.-]+)?|\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?)(?:$|[\s\]),:（）])`)
	environment = text.Pattern(`(?i)(?:\b(?:to|on|nach|auf|en|in|em|para|a|sur|auf die|auf der|in der|in die)\s+|[([→>（【「]\s*)(` + environmentWords + `)(?:$|[^\pL\d-])`)
)

// versionIn is the one version that a title names, or "".
func versionIn(title string) string {
	all := version().FindAllStringSubmatch(title, 2)
	if len(all) != 1 {
		return ""
	}
	return all[0][1]
}

var serviceFirst = text.Pattern(`^([a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*) v?\d+(?:\.\d+)+\S* `)

// noService are words that stand before a version like a service's name.
var noService = text.Set(`rollback, rolled, revert, reverted, upgrade, upgraded, update, updated, bump, ship, shipped, push, pushed
	promote, promoted, move, moved, patch, fix, tag, tagged, candidate, rc, back, rollout, install, installed, migrate, migrated`)

// serviceIn is the service of a title such as "api v1.5 to production", or "".
func serviceIn(title string) string {
	m := serviceFirst().FindStringSubmatch(title)
	if m == nil || generic[m[1]] || noService[m[1]] || environmentIn(title) == "" {
		return ""
	}
	return m[1]
}

// environmentIn is where a title says that something went: "to production".
func environmentIn(title string) string {
	m := environment().FindStringSubmatch(title)
	if m == nil || ofTrouble().MatchString(title[:strings.Index(title, m[0])]) && !whereTo().MatchString(m[0]) {
		return ""
	}
	return strings.ToLower(m[1])
}

// Behind a word for trouble, "on" and "in" say where it was met: "Timeout on staging". What
// was done about it may have gone elsewhere.
var (
	ofTrouble = text.Pattern(`(?i)(?:^|\PL)(?:errors?|bugs?|issues?|problems?|outages?|incidents?|crash(?:es|ed|ing)?|warnings?|regressions?|broken|missing|timeouts?|fails|failing|fehler|ausfall|ausfälle|störung(?:en)?|probleme?|erreurs?|pannes?|problèmes?|errores|fallos?|problemas?|erros?|falhas?|errore|errori|guasto)(?:\PL|$)`)
	whereTo   = text.Pattern(`(?i)^(?:(?:to|nach|para|a)\s|[([→>（【「])`)
)

// placeOf is where a line on how it ended says that it went, alone: "released (dev, test)",
// "Live on staging".
func placeOf(status string) string {
	m := behindStatus().FindStringSubmatch(status)
	if m == nil || !records.NamesEnvironments(m[1]+m[2]) {
		return ""
	}
	if said, ok := records.ParseOutcome(status); !ok || said != records.Succeeded {
		return ""
	}
	return text.OneLine(m[1]+m[2], 300)
}

var behindStatus = text.Pattern(`(?i)^\PL*\pL+(?: successfully)?(?:\s*[(（]([^()（）]+)[)）]| (?:to|on|in|auf|nach|en|sur) ([^()（）]+?))[.\s]*$`)

// deployedTo matches what a summary says at its end of where it went: "released to
// production", or, where it begins with that, "Promoted the search to production".
var (
	deployedTo = text.Pattern(`(?i)(?:\b(?:deployed|deployments?|released?|rolled[- ]out|roll-?out|promoted|shipped|pushed|published|launched) to (?:the )?` +
		`|^(?:deployed|released|rolled out|promoted|shipped|pushed|published|launched) .{1,200}\bto (?:the )?` +
		`|\b(?:déployée?s?|mise?s?) en |\b(?:desplegad[oa]s?|publicad[oa]s?) (?:en|a) |\b(?:implantad[oa]s?|publicad[oa]s?|deploy) (?:em|para) |(?:发布|部署|上线)到)` +
		`(` + environmentWords + `)(?: environment)?[.!。]?$` +
		`|(?:\b(?:nach|in|auf) (?:die )?)(` + environmentWords + `) (?:ausgerollt|deployt|deployed|veröffentlicht|eingespielt)[.!]?$` +
		`|(` + environmentWords + `)(?:に|へ)(?:リリース|デプロイ|反映)(?:済み|した|しました|完了)?。?$`)
	notDeployed = text.Pattern(`(?i)\b(?:not|never|no|nicht|nie|pas|não|before|ready|prepared?|preparation|plan|planned|will|should|be|script|fix|fixed|bug|vor|statt|instead|until|avant|antes)\b|未|前に`)
)

// summaryEnvironment is where a summary says that it went, or "". More than a title it may
// tell of other things.
func summaryEnvironment(summary string) string {
	summary = strings.TrimSpace(summary)
	m := deployedTo().FindStringSubmatch(summary)
	if m == nil || len(summary) > 300 || notDeployed().MatchString(summary) {
		return ""
	}
	return strings.ToLower(cmp.Or(m[1], m[2], m[3]))
}

// environmentAmong is the one part of a title that is the name of an environment, as in
// "staging / v1.4". Beside no version it may be of a subject: "build / test".
func environmentAmong(title string) (found string) {
	for _, part := range titleParts().Split(title, -1) {
		if name := records.EnvironmentOf(strings.TrimSpace(part)); records.NamesEnvironments(name) {
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}

var titleParts = text.Pattern(`\s+[/|·–—-]\s+`)

var (
	rangeTo  = text.Pattern(`(?i)^\s*(?:to|until|through|bis|a|au|→|[-–—~至])\s*`)
	slashDay = text.Pattern(`\d-\d{1,2}/(\d{1,2})$`)
	dashDay  = text.Pattern(`^ ?– ?(\d{1,2})(?:$|[\s,:)])`)
	titleEnd = text.Pattern(`^(?:.*(?:\s[-–—|]+\s|[,|]\s*)|.*[(\[])([^-–—|,()\[\]]+)[)\]]?$`)
	loudEnd  = text.Pattern(`(?:^|\s)([A-Z]{5,}(?:[ -][A-Z]{4,})?)$`)
	yanked   = text.Pattern(`(?i:\[yanked\]|\byanked\)?$)|^YANKED\b`)
)

// untilDay reads the end of a range, such as "2024-08-06 to 2024-08-11" or "2024-08-06
// 14:30 – 15:10", and gives the stamp of the whole range.
func (d *Draft) untilDay(title string, at stamp, opt Options) stamp {
	if end, length := lastOfMonth(title, at); length >= 0 {
		d.Finished = at.Moment
		d.Finished.Time = end
		at.end += length
		return at
	}
	if d.Finished = at.until; !at.until.IsZero() {
		return at
	}
	to := rangeTo().FindString(title[at.end:])
	rest := at.end + len(to)
	if to == "" || !at.DateOnly {
		return at
	}
	end, err := findDate(title[rest:], opt)
	if err != nil || end.start > 0 || end.Time.Before(at.Time) {
		return at
	}
	d.Finished = end.Moment
	at.end = rest + end.end
	return at
}

// lastOfMonth is the last day of "2024-07-30/31" or "2024-07-30–31", and the length of
// what stands behind the stamp for it, -1 where there is none. A stamp has the slash.
func lastOfMonth(title string, at stamp) (end time.Time, length int) {
	var m []string
	if !strings.HasPrefix(title[at.end:], ":") { // a clock time
		m = slashDay().FindStringSubmatch(title[:at.end])
	}
	if m == nil {
		if m = dashDay().FindStringSubmatch(title[at.end:]); m != nil {
			length = len(m[0])
		}
	}
	if m == nil || !at.DateOnly {
		return end, -1
	}
	day, _ := strconv.Atoi(m[1])
	end = at.Time.AddDate(0, 0, day-at.Time.Day())
	if !end.After(at.Time) || end.Month() != at.Time.Month() {
		return end, -1
	}
	return end, length
}

// titleStatus is how a title says that it ended: by a mark before or behind it, or by
// words at its end, "v1.2 – failed", "v1.2 (cancelled)", "v1.2 FAILED". What was yanked
// was taken back. It is "" for other titles.
func titleStatus(title string) records.Status {
	if yanked().MatchString(title) {
		return records.RolledBack
	}
	ended := func(words string) records.Status {
		if status, ok := records.ParseOutcome(words); ok && status != records.InProgress {
			return status
		}
		return ""
	}
	last := records.Status("") // of five letters at least, or "OK"; "no" may answer something else
	if m := titleEnd().FindStringSubmatch(title); m != nil && (len([]rune(m[1])) >= 5 || shortEnds[text.Fold(m[1])]) {
		last = ended(strings.TrimSpace(m[1]))
	}
	if m := loudEnd().FindStringSubmatch(title); m != nil {
		last = cmp.Or(last, ended(m[1]))
	}
	last = cmp.Or(last, ended(bareStatus(title)), ended(fromSign(title)))
	if bare, ok := withoutNames(title); ok && last == "" {
		return titleStatus(bare)
	}
	if title = markFirst(title); title == "" {
		return last
	}
	marked := ended(strings.NewReplacer("|", " ", "/", " ").Replace(title))
	if last != "" && marked != "" && last != marked {
		return "" // "✅ v1.2 FAILED"
	}
	return cmp.Or(marked, last)
}

// shortEnds are short words that say how it ended, and nothing else, at the end of a title.
var shortEnds = text.Set(`ok, done, fail`)

var (
	behindNames = text.Pattern(`\s*[(（](` + someName + `(?:\s*(?:[,+&/、]|\s(?:and|und|et|y|e|en))\s*` + someName + `)*)[)）]$`)
	noNames     = text.Set(`not, no, partial, partially, partly, almost, nearly, mostly, only, but, with, except, never, again, rollback, staging, test, tests, dry, run, eu, us, apac, canary`)
)

// someName matches a login, one to three words that begin with capitals, or a ticket.
const someName = `(?:@[\w.-]+|\p{Lu}[\pL.'’-]*(?: \p{Lu}[\pL.'’-]*){0,2}|[A-Z]{2,10}-\d+)`

// withoutNames is a title without the people or tickets in brackets at its end: "v1.2 – OK" of
// "v1.2 – OK (Lena + Tom)". Any other remark may take back what stands before it.
func withoutNames(title string) (bare string, ok bool) {
	m := behindNames().FindStringSubmatchIndex(title)
	if m == nil || slices.ContainsFunc(strings.Fields(text.Fold(title[m[2]:m[3]])), func(word string) bool { return noNames[word] }) {
		return title, false
	}
	if _, isStatus := records.ParseOutcome(title[m[2]:m[3]]); isStatus {
		return title, false
	}
	return title[:m[0]], true
}

// fromSign is what a title has behind a sign: "rolled back" of "Hotfix ❌ rolled back".
func fromSign(title string) string {
	for i := range title {
		if _, n, ok := records.ParseMark(title[i:]); ok && i > 0 && title[i-1] == ' ' && title[i] >= utf8.RuneSelf && len(title) > i+n {
			return title[i+n:]
		}
	}
	return ""
}

// bareStatus is what a title says besides a version, an environment and words that tell
// nothing, if it is a status: "Release v1.2 failed", "v1.2 to production OK". A rollback may be the deployment itself.
func bareStatus(title string) string {
	var rest []string
	for word := range strings.FieldsSeq(environment().ReplaceAllString(version().ReplaceAllString(title, " "), " ")) {
		if !generic[text.Fold(word)] && text.Fold(word) != "" {
			rest = append(rest, word)
		}
	}
	bare := strings.Join(rest, " ")
	if status, ok := records.ParseStatus(bare); !ok || status == records.RolledBack && len(rest) == 1 {
		return ""
	}
	return bare
}

// markFirst is a title with its mark in front, "" if it has none at either end.
func markFirst(title string) string {
	if _, _, ok := records.ParseMark(title); ok {
		return title
	}
	at := strings.LastIndexByte(title, ' ') + 1
	if _, n, ok := records.ParseMark(title[at:]); !ok || at == 0 || at+n < len(title) {
		return ""
	}
	return title[at:] + " " + title[:at-1]
}
