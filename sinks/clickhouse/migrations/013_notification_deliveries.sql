-- What became of what readers were to be told, on each channel. A bounce is told as a failure: it is one that comes after a provider had taken the message.
CREATE OR REPLACE VIEW notification_deliveries (
  notification_id String COMMENT 'Notification',
  channel String COMMENT 'email, sms, push or inApp',
  template String COMMENT 'What it tells',
  order_id String COMMENT 'Order it is about; empty = none',
  due_at DateTime64(3, 'UTC') COMMENT 'When it was asked for, or the later moment that it was asked for; of one whose request is not here its first event',
  sent_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When a provider took it; null = none has',
  delivered_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it had reached its reader, as far as anybody can know; null = not that anybody knows',
  outcome String COMMENT 'By its newest event: sent, delivered, bounced = failed after a provider had taken it, failed, cancelled',
  code String COMMENT 'Why it bounced, failed or was cancelled; empty = it was not'
) AS SELECT
  told.notification_id AS notification_id, told.channel AS channel, told.template AS template, told.order_id AS order_id,
  if(asked.notification_id = '', told.first_at, greatest(asked.asked_at, asked.not_before)) AS due_at, sent_at, delivered_at,
  multiIf(last.1 = 'NotificationSent', 'sent', last.1 = 'NotificationDelivered', 'delivered', last.1 = 'NotificationCancelled', 'cancelled', was_taken, 'bounced', 'failed') AS outcome,
  last.2 AS code
FROM (
  SELECT
    note.notificationId AS notification_id, note.channel AS channel, any(note.template) AS template, any(order_id) AS order_id, min(occurred_at) AS first_at,
    minOrNullIf(occurred_at, event_type = 'NotificationSent') AS sent_at, minOrNullIf(occurred_at, event_type = 'NotificationDelivered') AS delivered_at,
    argMax((toString(event_type), if(event_type = 'NotificationFailed', note.code, note.reason)), _offset) AS last,
    countIf(event_type IN ('NotificationSent', 'NotificationDelivered') OR note.providerId != '') > 0 AS was_taken
  FROM (
    SELECT event_type, order_id, occurred_at, _offset,
      JSONExtract(payload, 'Tuple(notificationId String, channel String, template String, providerId String, code String, reason String)') AS note
    FROM raw_events
    WHERE _topic = 'commerce.notifications.events' AND event_type IN ('NotificationSent', 'NotificationDelivered', 'NotificationFailed', 'NotificationCancelled')
  )
  GROUP BY notification_id, channel
) AS told
LEFT JOIN (
  SELECT JSONExtractString(payload, 'notificationId') AS notification_id, min(occurred_at) AS asked_at,
    fromUnixTimestamp64Milli(max(JSONExtractInt(payload, 'notBefore')), 'UTC') AS not_before
  FROM raw_events
  WHERE _topic = 'commerce.notifications.requests' AND event_type = 'NotificationRequested'
  GROUP BY notification_id
) AS asked ON asked.notification_id = told.notification_id
COMMENT 'What became of each notification on each channel';

CREATE OR REPLACE VIEW notification_deliveries_by_day (
  day Date COMMENT 'Day on which they were due, UTC',
  channel String COMMENT 'email, sms, push or inApp',
  template String COMMENT 'What they tell',
  notifications UInt64 COMMENT 'Notifications that were sent, delivered or given up: the sum of the next five',
  sent UInt64 COMMENT 'Taken by a provider, and nothing more is known',
  delivered UInt64 COMMENT 'Reached their readers',
  bounced UInt64 COMMENT 'Failed after a provider had taken them',
  failed UInt64 COMMENT 'Failed before',
  cancelled UInt64 COMMENT 'Not sent, because somebody wanted it so or there was no way',
  send_p50_ms Nullable(Float64) COMMENT 'Half of those that a provider took were taken within this time from when they were due, ms; null = none was',
  send_p95_ms Nullable(Float64) COMMENT '95 of 100 of them, ms',
  deliver_p50_ms Nullable(Float64) COMMENT 'Half of those that reached their readers did within this time from when they were due, ms; null = none did',
  deliver_p95_ms Nullable(Float64) COMMENT '95 of 100 of them, ms'
) AS SELECT
  toDate(due_at) AS day, channel, template, count() AS notifications, countIf(outcome = 'sent') AS sent, countIf(outcome = 'delivered') AS delivered,
  countIf(outcome = 'bounced') AS bounced, countIf(outcome = 'failed') AS failed, countIf(outcome = 'cancelled') AS cancelled,
  quantileExactOrNull(0.5)(dateDiff('millisecond', due_at, sent_at)) AS send_p50_ms, quantileExactOrNull(0.95)(dateDiff('millisecond', due_at, sent_at)) AS send_p95_ms,
  quantileExactOrNull(0.5)(dateDiff('millisecond', due_at, delivered_at)) AS deliver_p50_ms, quantileExactOrNull(0.95)(dateDiff('millisecond', due_at, delivered_at)) AS deliver_p95_ms
FROM notification_deliveries
GROUP BY day, channel, template
COMMENT 'What became of notifications by channel and template, and how long it took, exact quantiles';
