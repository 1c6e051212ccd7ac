package site

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/metrics"
)

// deployed is a record of a deployment to production.
func deployed(name, front string) txtar.File {
	return txtar.File{Name: "deployments/checklists/" + name + "-deployment.md", Data: []byte("---\nenvironment: production\n" + front + "---\n")}
}

func TestMetricsOfFew(t *testing.T) {
	_, out := load(t, write(t, nil))
	if html := page(t, out, "metrics/index.html"); !strings.Contains(html, "No environment that counts as production was found among the facts of the records.") {
		t.Errorf("without records:\n%s", mainOf(html))
	}
	_, out = load(t, write(t, []txtar.File{deployed("2026-11-02-10-00", "service: web\nstatus: failed\nfinished: 2026-11-02T10:30:00Z\n")}))
	html := mainOf(page(t, out, "metrics/index.html"))
	for _, want := range []string{
		"There is one deployment: too few", "cannot be computed from records",
		`<a href="../metrics/2026-q4/index.html#m-web.production">1 of 1</a>`, // a case, not 100 %
		"1 not recovered on record",
		`where nobody records rework`,
		`<a href="../timeline/index.html?environment=production&amp;service=web">1 of 1</a>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("with one record there is no %s in\n%s", want, html)
		}
	}
	if strings.Contains(html, "<svg") {
		t.Error("one record has a chart")
	}
}

// TestPerhapsProduction names what may be production under another name, where nothing counts.
func TestPerhapsProduction(t *testing.T) {
	for environment, want := range map[string]string{
		"Production Cloud Run (europe-west1)": `production = [&#34;Production Cloud Run (europe-west1)&#34;]`,
		"生产 crm.example.org":                  `production = [&#34;生产 crm.example.org&#34;]`,
		"prod-eu":                             `production = [&#34;prod-eu&#34;]`,
		"pre-production":                      "environment: production",
		"staging, like production":            "environment: production",
		"\"\"":                                "environment: production",
	} {
		_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2026-11-02-a.md", Data: []byte("---\nenvironment: " + environment + "\n---\n")}}))
		if html := mainOf(page(t, out, "metrics/index.html")); !strings.Contains(html, "<code>"+want+"</code>") {
			t.Errorf("%s: no %s in\n%s", environment, want, html)
		}
	}
}

// TestChartsOfNothing has deployments that say nothing of their end: how many succeed a week is not 0 but unknown.
func TestChartsOfNothing(t *testing.T) {
	for status, want := range map[string]bool{"": false, "status: failed\n": false, "status: succeeded\n": true} {
		var files []txtar.File
		for day := 1; day <= 28; day++ {
			files = append(files, deployed(fmt.Sprintf("2026-03-%02d-10-00", day), "imported_id: x\n"+status))
		}
		_, out := load(t, write(t, files))
		if html := mainOf(page(t, out, "metrics/index.html")); strings.Contains(html, "a week on average") != want {
			t.Errorf("%q: a chart: %v\n%s", status, !want, html)
		}
	}
}

// A number of a quarter leads to exactly the records that were counted.
func TestMetricsLeadToRecords(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{
		deployed("2026-06-30-10-00", "service: [web, api]\nstatus: succeeded\nfinished: 2026-06-30T10:30:00Z\n"),
		deployed("2026-07-01-10-00", "title: <b>first</b>\nservice: web\nstatus: succeeded\nfinished: 2026-07-01T10:30:00Z\n"),
		deployed("2026-07-02-10-00", "title: second\nservice: web\nstatus: succeeded\nfixes: 2026-07-01-10-00\nfinished: 2026-07-02T10:30:00Z\n"),
		deployed("2026-07-03-10-00", "service: api\nstatus: succeeded\nfinished: 2026-07-03T10:30:00Z\n"),
	}))
	html := mainOf(page(t, out, "metrics/2026-q3/index.html"))
	_, section, _ := strings.Cut(html, `id="m-web.production"`)
	section, _, _ = strings.Cut(section, "</section>")
	var got []string
	for _, m := range regexp.MustCompile(`<th scope="row"><a href="../../records/([0-9-]+)/`).FindAllStringSubmatch(section, -1) {
		got = append(got, m[1])
	}
	if diff := gocmp.Diff([]string{"2026-07-02-10-00", "2026-07-01-10-00"}, got); diff != "" {
		t.Errorf("-want +got %s in\n%s", diff, section)
	}
	if !strings.Contains(section, `failed, says <a href="../../records/2026-07-02-10-00/index.html">second</a>`) {
		t.Errorf("it is not said why one failed:\n%s", section)
	}
}

// Ten thousand deployments of a hundred services make a page of 150 kB, packed, at most.
func TestMetricsPageIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("it writes and reads 10,000 records")
	}
	var files []txtar.File
	start := time.Date(2022, 1, 3, 8, 0, 0, 0, time.UTC)
	for i := range 10_000 {
		at := start.Add(time.Duration(i) * 257 * time.Minute)
		status := []string{"succeeded", "succeeded", "succeeded", "failed", "rolled-back"}[i*7%5]
		files = append(files, deployed(at.Format("2006-01-02-15-04"), fmt.Sprintf("title: release %d to production\nservice: service-%d\nstatus: %s\nfinished: %s\n",
			i, i*i%97, status, at.Add(time.Duration(i*31%200)*time.Minute).Format(time.RFC3339))))
	}
	_, out := load(t, write(t, files))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, page(t, out, "metrics/index.html"))
	z.Close()
	t.Logf("%d bytes", packed.Len())
	if packed.Len() > 150_000 {
		t.Errorf("the page has %d bytes, packed", packed.Len())
	}
	if html := page(t, out, "metrics/2024-q1/index.html"); len(html) > 2_000_000 {
		t.Errorf("the page of a quarter has %d bytes", len(html))
	}
}

// The example's numbers, counted again from records.json by a walk that shares nothing
// with the package: no lines, no single pass.
func TestMetricsCountedAgain(t *testing.T) {
	s, out := load(t, "../../examples/jump-man")
	var file struct {
		Records []struct {
			ID           string
			Date         time.Time
			Status       string
			StatusFrom   string `json:"status_from"`
			Services     []string
			Environments []string
			Duration     *float64 `json:"duration_s"`
			RollbackOf   string   `json:"rollback_of"`
			Fixes        string
		}
	}
	if err := json.Unmarshal([]byte(page(t, out, "records.json")), &file); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, l := range s.Metrics(time.Time{}, time.Time{}) {
		for _, row := range slices.Concat(l.Rows(metrics.All), l.Rows(metrics.Quarters)) {
			k, n, value := 0, 0, math.NaN()
			var durations []float64
			for _, r := range file.Records {
				if !slices.Contains(r.Environments, l.Environment) || r.Status == "cancelled" || !l.Total && !slices.Contains(r.Services, l.Service) {
					continue
				}
				if quarter := fmt.Sprintf("%d-q%d", r.Date.In(s.today.Location()).Year(), (r.Date.In(s.today.Location()).Month()+2)/3); row.Period != "all" && row.Period != quarter {
					continue
				}
				failed := r.Status == "failed" || r.Status == "rolled-back"
				for _, other := range file.Records {
					failed = failed || (other.RollbackOf == r.ID || other.Fixes == r.ID) && other.Date.After(r.Date)
				}
				switch {
				case row.Metric == metrics.FailRate && r.RollbackOf == "" && (failed || r.Status != "in-progress"):
					if n++; failed {
						k++
					}
				case row.Metric == metrics.Frequency && r.RollbackOf == "" && r.Status == "succeeded":
					k++
				case row.Metric == metrics.Duration:
					if n++; r.Duration != nil {
						k++
						durations = append(durations, *r.Duration)
					}
				}
			}
			switch row.Metric {
			case metrics.FailRate:
				value = float64(k) / float64(n)
			case metrics.Frequency:
				n = row.N // the days are tested elsewhere
				value = float64(k) / (float64(n) / 7)
			case metrics.Duration:
				slices.SortFunc(durations, cmp.Compare[float64])
				if m := len(durations); m > 0 {
					value = (durations[m/2] + durations[(m-1)/2]) / 2
				}
			default:
				continue
			}
			compared++
			if row.K != k || row.N != n || row.Value == nil != math.IsNaN(value) || row.Value != nil && math.Abs(*row.Value-value) > 1e-9 {
				t.Errorf("%s of %q in %s: %d of %d, counted again %d of %d = %g", row.Metric, l.Service, row.Period, row.K, row.N, k, n, value)
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d rows were compared", compared)
	}
}
