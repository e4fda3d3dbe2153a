import { type AlertGroup } from './alert.ts'

/** Rules about the books: laws, money, and what analytics hold. */
export const books: AlertGroup = {
  name: 'books',
  alerts: [
    {
      name: 'ConservationLawBroken',
      // The gauge counts every violation ever written, in every process alike: it pages when one was added, not when a process starts.
      expr: 'max by (law) (audit_violations) > max by (law) (audit_violations offset 5m)',
      severity: 'page',
      summary: 'a conservation law is broken: {{ $labels.law }}',
      fires: { series: { 'audit_violations{law="stock"}': '0x9 1x10' }, at: '12m', labels: { law: 'stock' }, summary: 'a conservation law is broken: stock' },
      staysSilent: { series: { 'audit_violations{law="stock"}': '7x20' }, at: '12m' }
    },
    {
      name: 'PaymentsDiffer',
      expr: 'max(payments_differing) > 0',
      for: '20m',
      severity: 'page',
      summary: 'the payment provider has other books than we',
      fires: { series: { payments_differing: '1x40' }, at: '21m', labels: {}, summary: 'the payment provider has other books than we' },
      // A payment that moved between the two readings is the same again at the next look.
      staysSilent: { series: { payments_differing: '1x10 0x30' }, at: '21m' }
    },
    {
      name: 'RefundsFailing',
      expr: 'max(payments_failing_compensations) > 0',
      for: '10m',
      severity: 'page',
      summary: '{{ $value }} refunds or voids have failed ten times and are tried again every five minutes',
      fires: { series: { payments_failing_compensations: '2x20' }, at: '11m', labels: {}, summary: '2 refunds or voids have failed ten times and are tried again every five minutes' },
      staysSilent: { series: { payments_failing_compensations: '0x20' }, at: '11m' }
    },
    {
      name: 'AnalyticsDiffer',
      expr: 'max by (topic) (reconcile_differing_buckets) > 0',
      for: '5m',
      severity: 'page',
      summary: 'ClickHouse does not hold what {{ $labels.topic }} holds',
      fires: {
        series: { 'reconcile_differing_buckets{topic="commerce.orders.events"}': '1x10' },
        at: '6m',
        labels: { topic: 'commerce.orders.events' },
        summary: 'ClickHouse does not hold what commerce.orders.events holds'
      },
      staysSilent: { series: { 'reconcile_differing_buckets{topic="commerce.orders.events"}': '1x2 0x10' }, at: '6m' }
    },
    {
      name: 'AnalyticsNotReconciled',
      expr: 'time() - max(reconcile_last_look_seconds) > 600',
      severity: 'ticket',
      summary: 'ClickHouse has not been held against the topics for ten minutes',
      fires: { series: { reconcile_last_look_seconds: '60x30' }, at: '20m', labels: {}, summary: 'ClickHouse has not been held against the topics for ten minutes' },
      staysSilent: { series: { reconcile_last_look_seconds: '0+60x30' }, at: '20m' }
    },
    {
      name: 'OrdersOverdue',
      // The saga gives up after 30 minutes; what waits for people may take days.
      expr: 'max by (state) (saga_oldest_seconds{state=~"Pending|InventoryReserved|PaymentAuthorized|Compensating"}) > 2400',
      for: '5m',
      severity: 'page',
      summary: 'an order has been {{ $labels.state }} for longer than a saga may take',
      fires: { series: { 'saga_oldest_seconds{state="PaymentAuthorized"}': '2500+60x10' }, at: '6m', labels: { state: 'PaymentAuthorized' }, summary: 'an order has been PaymentAuthorized for longer than a saga may take' },
      staysSilent: { series: { 'saga_oldest_seconds{state="ActionRequired"}': '50000+60x10', 'saga_oldest_seconds{state="Pending"}': '30x10' }, at: '6m' }
    }
  ]
}
