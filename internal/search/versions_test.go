package search

import (
	"strings"
	"testing"
)

// versions are records that are told apart by versions, codes and hosts only.
// Several have the wrong one in their title and the right one in the text of
// another, newer or older.
var versions = []string{
	0:  "# one one\nversion: 1.1",
	1:  "# one ten\nversion: 1.10",
	2:  "# one ten, candidate\nversion: v1.10.0-rc.1",
	3:  "# one ten, second candidate\nversion: v1.10.0-rc.2",
	4:  "# one hundred\nversion: v1.100",
	5:  "# Nexion ERP 14.2.1.0\nversion: 14.2.1.0\n- Compile the C++ parts",
	6:  "# Nexion ERP 14.20.0\nversion: 14.20.0\n- Compile the C# parts",
	7:  "# beta\nversion: v2.0.0-beta.2\nWe wrote it in C, for the net.",
	8:  "# of a day\nversion: v2026.4.10",
	9:  "# the day after\nversion: v2026.4.11",
	10: "# web\nversion: web-v3.7.1\nThe .NET parts are built by `build.cmd`",
	11: "# codes\nissue: ORA-00054: resource busy\nWindows said 0x80070005 (E_ACCESSDENIED)\nSee INC-4711, PR #26 and CVE-2024-3094",
	12: "# other codes\nissue: ORA-00942: no table\nWindows said 0x80070057\nSee INC-4712, PR #27 and CVE-2024-3095. The pools inc 47110 have 4711 rows each",
	13: "# INC-47110\nversion: 0.9-inc-47110",
	14: "# hosts\nnginx: upstream timed out while connecting to 10.0.0.12:8443\nnode ip-10-2-3-4.ec2.internal, TLS1.3 off",
	15: "# 10.0.0.120 is slow\nnode ip-10-23-4-4, TLSv1.2 off, port 8444",
	16: "# packages\nnpm ERR! code ERESOLVE @acme/ui@4.0.0-rc.1+build.5\nsee /etc/nginx/nginx.conf",
	17: "# other packages\nnpm ERR! code ERESOLVE @acme/ui@4.0.0-rc.2+build.6\nsee /etc/nginx/mime.types",
	18: "# back again\nissue: the new one was slow, and we went back to v1.99.4-SNAPSHOT",
	19: "# 版本5.6.7发布\nВерсия 5.6.8 осталась",
	20: "# Release 6.0\nversion: build_6_0_3\ntag: 2024-05-06-web-v6.1.2",
	21: "# nodes\nnode 1 and node-3",
	22: "# strange codes\nSQLSTATE[42P01], ERR_CONN_REFUSED (111), exit code 137, TS2307, E0308",
	23: "# tickets\nJIRA PAY-88, GH-1234, !4321, change CHG0031234, sha 9fceb02",
	24: "# places\nhttps://shop.example.org:9443/login, fe80::1ff:fe23:4567:890a, db-07.eu-west-1.example.net",
	26: "# more places\nThe replica db-1.eu-west-1.example.com and ip-172-31-4-5.eu-central-1.compute.internal, of registry.example.com/team/api:1.2.3-alpine3.18",
	27: "# other places\nThe replica db-2.eu-west-2.example.com and ip-172-31-4-6.us-east-1.compute.internal, of registry.example.com/team/web:1.2.4-alpine3.19\nsee /var/lib/eu-north-1/data_02/a.json, arn:aws:s3:ap-south-1:9:logs, C:\\inetpub\\shop-2\\web.config",
	28: "# and more\nPod checkout-7d9f8b6c5d-x2k4q on gke-prod-pool-1-3f2c9ab0-abcd.c.project.internal; postgres:16.4-bookworm@sha256:8fceb02d0ae598e9; 10.1.2.0/24 and fd00:12::7; s3://backups-eu-south-2/2024/dump.sql.gz; api.staging-2.svc.cluster.local:8080",
	25: "# calendar\nversion: 24.04.1-LTS\nimage shop:2024.35.0_amd64, chart-0.9.0+k3s1",
}

func TestVersionsAndCodesAreFound(t *testing.T) {
	ix := indexOf(t, versions...)
	for query, want := range map[string]string{ // those that must come first, in this order; "." ends the list
		// Whole, with and without "v": the exact one is first.
		"1.10": "r1", "v1.10": "r1", "V1.10 ": "r1", "v.1.10": "r1", "1.1": "r0", "v1.1": "r0", "1.1 ": "r0 .",
		"14.2.1.0": "r5 .", "v14.2.1.0": "r5 .", "v1.100": "r4 .", "1.100": "r4 .",
		"1.10.0-rc.1": "r2 .", "v1.10.0-rc.1 ": "r2 .", "v1.10.0rc1": "r2 .", "1.10.0-rc.3": ".",
		"rc.1": "r2 r16 .", "rc.2": "r3 r17 .", "rc2": "r3 r17 .", "rc.3": ".",
		"v2.0.0-beta.2": "r7 .", "2.0.0-beta.2": "r7 .", "beta.2": "r7 .", "2.0.0-beta.1": ".",
		"2026.4.10": "r8 .", "v2026.4.10": "r8 .", "2026.4.11": "r9 .",
		"3.7.1": "r10 .", "v3.7.1": "r10 .", "web-v3.7.1": "r10 .", "web 3.7.1": "r10 .",
		"1.99.4-snapshot": "r18 .", "v1.99.4": "r18 .", "5.6.7": "r19 .", "5.6.8": "r19 .", "v5.6.9": ".",
		"6.0": "r20", "v6.1.2": "r20 .", "nexion 14.20.0": "r6", `"Nexion ERP v14.2.1.0"`: "r5 .",
		// Begun: what goes on at a full stop is before what goes on with a digit.
		"14.2": "r5 r6 .", "v14.2": "r5 r6 .", "14.2 ": "r5 .", "14.2 nexion": "r5", "1.10.0": "r3 r2 .", "1.10.0 ": "r3 r2 .",
		"2026.4": "r9 r8 .", "v2026": "r9 r8 .", "v20": "r9 r8 r25 .", "v2026.4.1": "r9 r8 .", "v14": "r6 r5 .", "v2 ": "r7 .", "1.10.0-rc": "r3 r2 .",
		"-1.10 candidate": "r3 r2 .", "4.0.0": "r17 r16 .",
		// Codes and tickets.
		"ORA-00054": "r11 .", "ora00054": "r11 .", "00942": "r12 .", "ORA-00055": ".", "ORA-0005": "r11 .",
		"0x80070005": "r11 .", "0X80070057": "r12 .", "80070005": "r11 .", "0x8007": "r12 r11 .", "0x80070006": ".",
		"INC-4711": "r11", "INC4711 ": "r11", "INC-4712": "r12 .", "inc 4712": "r12", "INC-4713": ".", "INC-47110": "r13",
		"CVE-2024-3094": "r11 .", "CVE-2024-3095": "r12 .", "2024-3094": "r11 .", "CVE-2024-30": "r12 r11 .", "CVE-2024-3096": ".",
		"PR #26": "r11", "PR #27 ": "r12", "#26": "r11 .",
		// Hosts and addresses.
		"10.0.0.12:8443": "r14", "10.0.0.12": "r14 r15 .", "10.0.0.12 ": "r14 .", "10.0.0.120": "r15 .", "10.0.0": "r15 r14 .", "8443": "r14 .",
		"10.0.0.121": ".", "ip-10-2-3-4": "r14 .", "10.2.3.4": "r14 .", "10-2-3-4": "r14 .", "ip-10-23-4-4": "r15 .", "ip-10-2-34-4": ".",
		"TLS1.3": "r14 .", "TLS 1.3": "r14", "TLSv1.3": "r14 .", "TLSv1.2": "r15 .", "TLS 1.2 ": "r15", "TLSv1.1": ".",
		"node-1": "r21 .", "node 3": "r21", "node-2": ".",
		// Of shapes that nobody asked for yet.
		"42P01": "r22 .", "SQLSTATE 42P01": "r22", "ERR_CONN_REFUSED": "r22 .", "TS2307": "r22 .", "E0308": "r22 .", "exit 137": "r22",
		"TS2308": ".", "E0309": ".", "42P02": ".",
		"PAY-88": "r23 .", "pay88": "r23 .", "GH-1234": "r23 .", "!4321": "r23 .", "CHG0031234": "r23 .", "9fceb02": "r23 .",
		"PAY-89": ".", "GH-1235": ".", "CHG0031235": ".",
		"shop.example.org:9443": "r24", "9443": "r24 .", "db-07": "r24 .", "fe80::1ff": "r24 .", "db-08": ".", "9444": ".",
		"24.04.1": "r25 .", "v24.04": "r25 .", "24.04.1-LTS": "r25 .", "2024.35.0": "r25 .", "0.9.0+k3s1": "r25", "24.05": ".", "2024.36": ".",
		// Parts of hosts, images, paths and addresses.
		"eu-west-1": "r26 r24", "eu-west-2": "r27 .", "eu-west-3": ".", "db-1": "r26", "db-2": "r27 .", "db-3": ".",
		"eu-central-1": "r26 .", "us-east-1": "r27 .", "eu-central-2": ".", "172.31.4.5": "r26 .", "172.31.4.6": "r27 .", "ip-172-31-4-5": "r26 .", "172.31.4.7": ".",
		"eu-west-1.example.com": "r26 .", "db-1.eu-west-1": "r26 .", "db-2.eu-west-2.example.com": "r27 .", "registry.example.com": "r26 r27 .", "compute.internal": "r26 r27 .",
		"team/api:1.2.3": "r26", "api:1.2.3": "r26", "registry.example.com/team/web:1.2.4": "r27", "1.2.4": "r27 .", "alpine3.18": "r26 .", "alpine3.19": "r27 .", "3.18": "r26 .", "3.20": ".",
		"eu-north-1": "r27 .", "data_02": "r27 .", "ap-south-1": "r27 .", "shop-2": "r27 .", "shop-3": ".", "web.config": "r27 .", "a.json": "r27 .", "/var/lib/eu-north-1": "r27",
		"x2k4q": "r28 .", "checkout-7d9f8b6c5d": "r28 .", "checkout-7d9f8b6c5d-x2k4q": "r28 .", "gke-prod-pool-1": "r28 .", "gke-prod-pool-5": ".",
		"16.4": "r28 .", "postgres:16.4": "r28 .", "16.5": ".", "sha256:8fceb02d0ae5": "r28", "10.1.2.0": "r28 .", "10.1.2.0/24": "r28", "fd00:12::7": "r28", "eu-south-2": "r28", "eu-south-3": ".",
		"dump.sql.gz": "r28 .", "dump.sql": "r28 .", "staging-2": "r28 .", "staging-3": ".", "svc.cluster.local": "r28 .", "staging-2.svc": "r28 .",
		// Names with signs, and paths.
		"C++": "r5", "c++ parts": "r5", "C#": "r6", ".NET": "r10", ".net ": "r10",
		"@acme/ui@4.0.0-rc.1+build.5": "r16", "@acme/ui@4.0.0-rc.2": "r17", "4.0.0-rc.1": "r16 .", "build.6": "r17", "build.7": ".",
		"/etc/nginx/nginx.conf": "r16", "/etc/nginx/mime.types": "r17", "nginx.conf": "r16 .", "E_ACCESSDENIED": "r11 .",
	} {
		got, whole := ids(t, ix, query), false
		if want, whole = strings.CutSuffix(want, "."); whole {
			want = strings.TrimSpace(want)
			if got != want {
				t.Errorf("%q: %q, want %q", query, got, want)
			}
		} else if got != want && !strings.HasPrefix(got, want+" ") {
			t.Errorf("%q: %q, want first %q", query, got, want)
		}
	}
}
