package generate

import (
	"fmt"
	"slices"
	"strings"
)

// section is a part of the checklist.
type section struct {
	title string
	steps []step
}

// step is one item of the checklist. fence, where there is one, is the code
// block below it, the same in each record but for the {placeholders}.
type step struct {
	label, text string
	fence       fence
}

type fence struct{ language, code string }

var checklist = []section{
	{"Pre-flight", []step{
		{label: "Environment loaded", text: "`mise env` shows the variables", fence: fence{"sh", "mise env --json | jq -r 'keys[]'\ngit fetch --tags && git status --short"}},
		{label: "Change approved", text: "a second person read it"},
		{label: "Error budget", text: "more than half is left"},
		{label: "On-call informed", text: "posted in `#deployments`"},
		{label: "Rollback command", text: "written down and tried"},
	}},
	{"Build", []step{
		{label: "Tests", text: "the pipeline is green"},
		{label: "Image", text: "built and signed"},
		{label: "Vulnerability scan", text: "nothing above *medium*"},
		{label: "Release notes", text: "written for support"},
		{label: "Review plan", text: "`mise run plan`"},
	}},
	{"Database", []step{
		{label: "Snapshot", text: "taken and named after the version"},
		{label: "Migration", text: "runs on a copy first"},
		{label: "Row counts", text: "equal before and after", fence: fence{"sql", "SELECT count(*) AS rows, max(updated_at) AS newest\nFROM orders WHERE archived_at IS NULL;"}},
		{label: "Replica lag", text: "below one second"},
		{label: "Slow queries", text: "none that are new"},
	}},
	{"Rollout", []step{
		{label: "Canary", text: "5 % for ten minutes"},
		{label: "Shift traffic", text: "25 %, 50 %, 100 %"},
		{label: "Health endpoint", text: "answers with the new version", fence: fence{"json", "{\n  \"service\": \"{service}\",\n  \"version\": \"{version}\",\n  \"status\": \"ok\"\n}"}},
		{label: "Workers drained", text: "no job is left on old ones"},
		{label: "Cache warm", text: "hit rate above 90 %"},
	}},
	{"Verification", []step{
		{label: "Smoke tests", text: "log in, search, buy, refund"},
		{label: "Error rate", text: "as it was an hour ago"},
		{label: "Latency", text: "p99 below 400 ms"},
		{label: "Dashboards", text: "watched for 15 minutes"},
		{label: "Announce", text: "in `#deployments` and on the status page"},
	}},
}

// shaky are the places in the checklist, counted from 0, where a deployment
// that fails usually does: migration, canary, traffic, health, smoke tests,
// error rate.
var shaky = []int{11, 11, 11, 15, 16, 17, 20, 21}

func countSteps() int { return countStepsOf(checklist) }

func countStepsOf(checklist []section) (n int) {
	for _, s := range checklist {
		n += len(s.steps)
	}
	return n
}

// projectFiles gives what a project has besides its records, by path.
func projectFiles() map[string]string {
	return map[string]string{
		"deploysite.toml":              "title = \"Deployments of a made-up shop\"\n",
		"docs/deployment-checklist.md": checklistDocument(checklist),
		"docs/deployment-process.md":   processDocument,
	}
}

// sourceFiles gives what a source has besides its records, by path.
func sourceFiles(h history) map[string]string {
	repository := "https://github.com/example-shop/" + h.service
	return map[string]string{
		"deploysite.toml":              fmt.Sprintf("service = %q\nrepository = %q\n", h.service, repository),
		"docs/deployment-checklist.md": checklistDocument(h.checklist),
		"docs/deployment-process.md":   processDocument,
	}
}

// checklistOf is the checklist of one of several teams: each leaves out one of
// the usual sections and has a step of its own.
func checklistOf(team int, service string) []section {
	all := slices.Clone(checklist)
	all = slices.Delete(all, 1+team%(len(all)-1), 2+team%(len(all)-1))
	own := section{"Only here", []step{{label: fmt.Sprintf("Ask the owners of %s", service), text: "they know what is special about it"}}}
	return slices.Insert(all, 1+team%3, own)
}

func checklistDocument(checklist []section) string {
	var b strings.Builder
	b.WriteString("# Deployment checklist\n")
	for _, s := range checklist {
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		for _, st := range s.steps {
			fmt.Fprintf(&b, "- [ ] **%s**: %s\n", st.label, st.text)
		}
	}
	b.WriteString("\n## Deployment Notes\n\n### What Went Well\n\n### Issues Encountered\n\n### Lessons Learned\n\n" +
		"### Tips for Next Deployment\n\n### Deployment Metrics\n\n" +
		"- Start Time:\n- End Time:\n- Total Duration:\n- Deployed By:\n")
	return b.String()
}

const processDocument = `# Deployment process

Everyone who deploys follows the same few steps, however small the change is.

1. Start a record from the [checklist](deployment-checklist.md) and read what the last ones say.
2. Work through the checklist from top to bottom. Mark a step when it is done, not before.
3. If a step fails, write down what you saw before you try again.
4. Decide within ten minutes whether to go on or to roll back. Rolling back is no shame.
5. Finish the record: what went well, what did not, what the next person should know.

## Who decides

The person who deploys decides. The person on call may stop a deployment at any time.

## When not to deploy

- After 16:00 on a Friday.
- While another deployment of the same service is in progress.
- While less than half of the error budget is left, unless the change is what restores it.

## Every quarter

We read the records of the quarter together. A tip that turned up three times becomes a step; a step that was skipped
ten times in a row goes away or gets automated.
`
