package records

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
)

// The words by which parts of a checklist are known, in the languages that teams
// write them in. All are folded by [text.Fold]. A word that is missing here
// costs little: a heading that is none of these has steps below it.

// headingKinds are the notes sections by their folded headings.
var headingKinds = kindsOf(map[NoteKind]string{
	Well: `what went well, went well
		was gut lief, was gut gelaufen ist, gut gelaufen, das lief gut
		ce qui s est bien passé, points positifs
		lo que salió bien, qué salió bien, o que deu certo, o que correu bem
		cosa è andato bene, wat ging goed
		うまくいったこと, 良かった点, 良かったこと, 进展顺利, 做得好的地方, 顺利之处, 잘된 점, что прошло хорошо`,
	Issues: `issues encountered, issues, problems, what went wrong, went wrong, problems encountered
		issues resolutions log, issues and resolutions log, issues log
		probleme, aufgetretene probleme, was schief ging, was schief lief
		problèmes, problèmes rencontrés, ce qui s est mal passé
		problemas, problemas encontrados, incidencias, qué salió mal, o que deu errado, o que correu mal
		problemi, problemi riscontrati, problemen, wat ging er mis
		問題, 問題点, 発生した問題, 问题, 遇到的问题, 问题记录, 문제점, 발생한 문제, проблемы, возникшие проблемы, что пошло не так`,
	Lessons: `lessons learned, lessons, what could be improved
		erkenntnisse, lehren, was wir gelernt haben, was besser werden kann
		leçons apprises, leçons, enseignements, lecciones aprendidas, lecciones, lições aprendidas, lições
		lezioni apprese, geleerde lessen
		学んだこと, 教訓, 学び, 经验教训, 배운 점, 교훈, уроки, извлечённые уроки, извлеченные уроки, выводы`,
	Tips: `tips for next deployment, tips for the next deployment, tips
		tipps, tipps für das nächste deployment, tipps für das nächste mal
		conseils, conseils pour le prochain déploiement, conseils pour la prochaine fois
		consejos, consejos para el próximo despliegue, consejos para la próxima vez
		dicas, dicas para a próxima implantação, dicas para o próximo deploy, dicas para a próxima vez
		consigli, consigli per il prossimo deploy, consigli per la prossima volta, tips voor de volgende keer
		次回への申し送り, 次回へのヒント, 次回のデプロイへのヒント, 下次部署提示, 下次部署建议, 다음 배포를 위한 팁
		советы, советы на следующий раз`,
	Metrics: `deployment metrics, deployment metadata, process metrics, metrics, metadata
		metriken, deployment metriken, kennzahlen, métriques, métriques du déploiement
		métricas, métricas del despliegue, métricas da implantação, metriche
		メトリクス, デプロイメトリクス, 指標, 部署指标, 指标, 배포 지표, метрики, показатели`,
})

// statusHeads head the columns of tables in which a mark says how far a step is.
var statusHeads = setOf(`status, state, done, ok, okay, check, checked, checkbox, complete, completed, result, outcome
	pass, passed, pass fail, verified, progress, y n, yes no, seen, finished, executed
	erledigt, stand, zustand, ergebnis, geprüft, fertig, abgehakt, ja nein, bestanden
	fait, statut, état, terminé, vérifié, résultat, validé, oui non
	hecho, estado, listo, completado, resultado, verificado, si no, sí no
	feito, concluído, situação, pronto, sim não, stato, fatto, completato, esito, gedaan, klaar
	状态, 完成, 是否完成, 结果, 确认, 检查结果, 打勾, 狀態, 狀況, 状態, 完了, 結果, 確認, 済, 済み, チェック, ステータス, 実施, 合否
	상태, 완료, 결과, 확인, статус, состояние, готово, выполнено, результат, сделано
	الحالة, تم, منجز, النتيجة, trạng thái, hoàn thành, kết quả, durum, tamamlandı, klar, valmis, stan, gotowe, hotovo, stav`)

// stateWords stand beside a mark and say the same: "⬜ Pending".
var stateWords = setOf(`pending, todo, to do, open, not started, not done, waiting, planned, tbd, yes, no, y, n
	done, complete, completed, finished, ok, okay, pass, passed, verified, failed, fail, in progress, running, wip, started
	skipped, n a, na, not applicable
	offen, ausstehend, erledigt, fertig, fehlgeschlagen, in arbeit, übersprungen, entfällt, ja, nein
	à faire, en attente, fait, terminé, échec, en cours, ignoré, oui, non
	pendiente, hecho, listo, completado, fallido, en curso, omitido, pendente, feito, concluído, falhou, em andamento
	da fare, in attesa, fatto, completato, fallito
	待办, 未完成, 待完成, 未开始, 已完成, 完成, 进行中, 失败, 跳过, 未, 未着手, 未実施, 完了, 済, 済み, 実施中, 失敗, 進行中
	대기, 완료, 실패, 진행 중, ожидает, не начато, готово, выполнено, ошибка, в работе, пропущено`)

// noteHeads head the columns of tables that have room for a note.
var noteHeads = setOf(`notes, note, comment, comments, remark, remarks, details, result, observation, observations
	notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, remarque, remarques, commentaire, commentaires
	notas, nota, observaciones, comentarios, observações, comentários, osservazioni, commenti
	備考, コメント, メモ, 备注, 備註, 说明, 비고, примечание, примечания, комментарий, ملاحظات, ghi chú`)

// asides head what is read and not done: a list below such a heading is none of
// steps, unless it has marks. What begins with one of them counts as well.
var asides = fieldsOf(`overview, introduction, purpose, about, scope, background, context, goal, objective, summary, description
	contents, table of contents, toc, links, references, reference, resources, related, see also, further reading, documentation
	contacts, contact, support, help, team, who is who, roles, responsibilities, escalation, emergency
	legend, key, symbols, notation, glossary, definitions, terms, notes, note, remarks, comments, conventions, how to use
	appendix, annex, faq, troubleshooting, known issues, known limitations, common issues, rollback, roll back, back out, recovery, if something goes wrong, in case of
	history, version history, revision history, changelog, change log, document history
	überblick, übersicht, einleitung, zweck, ziel, hintergrund, inhalt, inhaltsverzeichnis, verweise, siehe auch, kontakt, kontakte
	ansprechpartner, rollen, legende, glossar, hinweise, hinweis, anmerkungen, bemerkungen, bekannte probleme, fehlersuche, fehlerbehebung
	rückfall, im fehlerfall, notfall, änderungsverlauf, dokumentation, anhang
	aperçu, vue d ensemble, présentation, objectif, contexte, sommaire, liens, références, voir aussi, rôles, légende, glossaire
	remarques, dépannage, retour arrière, en cas de problème, historique, annexe, annexes
	resumen, introducción, propósito, objetivo, contexto, índice, enlaces, referencias, ver también, contacto, contactos, leyenda, glosario
	notas, observaciones, solución de problemas, reversión, marcha atrás, historial, anexo, apéndice
	visão geral, introdução, finalidade, sumário, ligações, referências, contato, contatos, legenda, glossário, observações, solução de problemas, reversão
	panoramica, introduzione, scopo, obiettivo, indice, collegamenti, riferimenti, contatti, glossario, note, ripristino
	概要, はじめに, 目的, 背景, 目次, リンク, 参考, 関連, 連絡先, 担当者, 凡例, 用語, 注意, 注意事項, 備考, トラブルシューティング, ロールバック, 切り戻し, 変更履歴, 付録
	概述, 简介, 介绍, 目标, 目录, 链接, 参考, 相关文档, 相关链接, 联系, 联系方式, 联系人, 图例, 术语, 说明, 备注, 注意事项, 故障排查, 问题排查, 常见问题, 回滚, 回退, 更新日志, 变更记录, 获取帮助, 附录
	개요, 소개, 목적, 배경, 목차, 링크, 참고, 연락처, 범례, 용어, 비고, 문제 해결, 롤백, 변경 이력
	обзор, введение, цель, описание, содержание, оглавление, ссылки, контакты, легенда, обозначения, примечания, примечание, откат, устранение неполадок, история изменений, приложение
	نظرة عامة, مقدمة, الغرض, روابط, مراجع, جهات الاتصال, ملاحظات, التراجع`)

// legends explain the marks that a document uses; what stands there is never a
// step.
var legends = setOf(`legend, status legend, status key, key to symbols, symbol legend, legende, légende, leyenda, legenda, zeichenerklärung, simboli
	凡例, 图例, 圖例, 범례, легенда, обозначения, условные обозначения`)

func kindsOf(lists map[NoteKind]string) map[string]NoteKind {
	kinds := map[string]NoteKind{}
	for kind, list := range lists {
		for _, phrase := range fieldsOf(list) {
			kinds[phrase] = kind
		}
	}
	return kinds
}

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for _, phrase := range fieldsOf(list) {
		set[phrase] = true
	}
	return set
}

// fieldsOf are the phrases of a list that is parted by commas and line breaks.
func fieldsOf(list string) (phrases []string) {
	for phrase := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '\n' }) {
		if phrase = strings.TrimSpace(phrase); phrase != "" {
			phrases = append(phrases, phrase)
		}
	}
	return phrases
}

// isAside tells a heading below which nothing is done.
func isAside(title string) bool {
	folded := foldHeading(title)
	for _, phrase := range asides {
		rest, ok := strings.CutPrefix(folded, phrase)
		if ok && (rest == "" || rest[0] == ' ' || phrase[len(phrase)-1] >= utf8.RuneSelf && !unicode.IsLower(firstRune(rest))) {
			return true
		}
	}
	return false
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// isStatusHead tells a column of marks by its head: one of [statusHeads], a mark,
// or nothing.
func isStatusHead(head ast.Node, source []byte) bool {
	cell, ok := head.(*extensionast.TableCell)
	if !ok {
		return false
	}
	if cell.Lines().Len() == 0 {
		return true
	}
	segment := cell.Lines().At(0)
	title := strings.TrimSpace(string(source[segment.Start:segment.Stop]))
	if _, n, ok := ParseMark(title); title == "" || ok && n == len(title) {
		return true
	}
	return isIn(statusHeads, title)
}
