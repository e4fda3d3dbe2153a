// Generated from the OpenAPI document by `npm run generate`: edit the schemas in api/.

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is everything behind the API ready */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Keys that verify access tokens
         * @description Two while one takes the place of the other: a new key is here a minute before it signs.
         */
        get: operations["getKeySet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every flag as it stands */
        get: operations["listFlags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/flags/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch a flag, or define one
         * @description Acts within a moment on what is decided afterwards. The same request again leaves it as it is. New weights move as few subjects as they can.
         */
        put: operations["setFlag"];
        post?: never;
        /**
         * Take a flag away
         * @description Who asks for it afterwards falls back to what it likes. Switches of the platform cannot be taken away.
         */
        delete: operations["deleteFlag"];
        options?: never;
        head?: never;
        /**
         * Change a part of a flag
         * @description What is named is replaced, the rest stays. `weights` names variants that are there; together all weights come to 10,000.
         */
        patch: operations["changeFlag"];
        trace?: never;
    };
    "/v1/admin/log-level": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this process logs */
        get: operations["readLogLevel"];
        /**
         * Log more, or less
         * @description Of the process that answers, until it ends; COMMERCE_LOG_LEVEL is what it begins with.
         */
        put: operations["setLogLevel"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/privacy/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a person
         * @description Destroys the data key: names, addresses, e-mail addresses and phone numbers in the log, in state, in dead letters, in analytics and in every backup of them can never be read again. The account is deleted with it. Orders, money and figures stay. For a customer without open orders, or the guest of a closed one. Asked again it is the same erasure.
         */
        post: operations["erasePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/privacy/erasures/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how far an erasure is, and its proof */
        get: operations["getErasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/privacy/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is kept about a person
         * @description Account, orders with their payments, shipments, returns and addresses, notifications, and visits where it is known whose they were. Streamed; read from state and from analytics, which is about a second behind. A document that breaks off is not whole: ask again.
         */
        get: operations["exportPerson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/customers/{id}/lifetime-value": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a customer is worth, and the segment
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed. A customer who never bought anything has no items.
         */
        get: operations["getLifetimeValue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The figures of an overview
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed. The newest 30 days and 5 products at most.
         */
        get: operations["getDashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take a view out as CSV, NDJSON or Parquet
         * @description Rows come in no order. An answer that ends early, without its last chunk, is not complete.
         */
        get: operations["exportAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far visitors came, from a first view to an order
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed. `from` and `to` are the days on which sessions began.
         */
        get: operations["getFunnel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/orders/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders by what became of them
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed.
         */
        get: operations["getOrdersSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/products/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Products with the greatest revenue
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed.
         */
        get: operations["getTopProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/revenue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Gross revenue, refunds and net by period
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed. A period at the edge counts only the days that are asked for.
         */
        get: operations["getRevenue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/saga-latency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How long the steps of orders took
         * @description Exact sums over everything up to `asOf`, about a second behind; an order counts for the day on which it was placed. `from` and `to` are the days on which orders were accepted.
         */
        get: operations["getSagaLatency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Five wrong passwords in 15 minutes shut the address out of the account for 15 minutes; the answer is the same.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a session
         * @description Its refresh token is worth nothing any more; an access token of it lives on until it expires.
         */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set another password
         * @description All sessions end, that of the request included: log in again.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another password
         * @description Answered alike for every address. The owner of an account gets a token that counts once, for an hour.
         */
        post: operations["requestPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/password-reset/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set another password by the token from the mail
         * @description All sessions end, all locks open, and the address counts as proved.
         */
        post: operations["confirmPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a refresh token
         * @description Once: a token that comes a second time ends the session, for whoever holds it. There is no grace: who loses the answer logs in again.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account
         * @description Answered alike whether the address is free or not; what is so stands in the mail that its owner gets.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Access token for a service account
         * @description OAuth 2.0 client credentials (RFC 6749, section 4.4), as a form or as JSON. There is no refresh token: ask again.
         */
        post: operations["grantClientToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove an e-mail address */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/behaviour": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what visitors did
         * @description Events that break a rule are named and left out, the others are taken. Send again what was answered with 429 or 503, with the same ids: the same id counts once. Purchases are told by the orders themselves.
         */
        post: operations["recordBehaviour"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tree of categories */
        get: operations["listCategories"];
        put?: never;
        /** Add a category */
        post: operations["createCategory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/categories/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A category with what is below it
         * @description The ETag is the version of the category itself, for If-Match.
         */
        get: operations["getCategory"];
        put?: never;
        post?: never;
        /**
         * Archive a category for good
         * @description It must have none below it. Its products stay, and are found without it; its id is never used again.
         */
        delete: operations["deleteCategory"];
        options?: never;
        head?: never;
        /** Rename a category */
        patch: operations["renameCategory"];
        trace?: never;
    };
    "/v1/categories/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a category, with all below it, into another one */
        post: operations["moveCategory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Variants of a session
         * @description The same session gets the same variant as long as weights, salt and rules stay. Ask when the visitor is about to see it: the answer counts as seen.
         */
        post: operations["assignExperiments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/experiments/assignments/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Variants of a customer
         * @description As for a session, on every device of the customer.
         */
        post: operations["assignMyExperiments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stock of every SKU
         * @description By SKU. Comes from analytics, about a second behind the stock itself.
         */
        get: operations["listStock"];
        put?: never;
        /** Open the stock of a SKU */
        post: operations["registerSku"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the stock of a SKU
         * @description The ETag is what a correction by hand has to name in If-Match.
         */
        get: operations["getStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Correct the stock by hand
         * @description For what was found or broken. If-Match is the ETag that was read: a correction of other figures than those is refused, never made by guess.
         */
        patch: operations["adjustStock"];
        trace?: never;
    };
    "/v1/inventory/{sku}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reserve pieces by hand
         * @description For what is no order: a photo shoot, a customer at the counter. They are nobody else's until they are released, or the time is over. More than is free is refused; those who wait for the SKU come first.
         */
        post: operations["holdStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/{sku}/reservations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a reservation by hand
         * @description Kept for eight days after its end. What orders hold stands in the list of reservations.
         */
        get: operations["getHold"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/{sku}/reservations/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a reservation by hand
         * @description Its pieces are free again. One that has ended stays as it is.
         */
        post: operations["releaseHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/{sku}/restock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in a delivery
         * @description Orders that wait for the SKU are filled with it, oldest first.
         */
        post: operations["restock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/low-stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * SKUs to be ordered anew
         * @description Free stock at or below the reorder level, by SKU. Comes from analytics, about a second behind the stock itself.
         */
        get: operations["listLowStock"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inventory/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is held of the stock
         * @description By order and SKU: pieces that are reserved and not taken off the stock yet; what is held by hand stands under the id of its reservation. Comes from analytics, about a second behind the stock itself.
         */
        get: operations["listReservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/trial-balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is on every account of the ledger
         * @description Comes from analytics, about a second behind the payments. The balances of a currency add up to 0.0000 at any moment.
         */
        get: operations["getTrialBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My inbox
         * @description The newest 50 of what I was told, of the last 30 days, in my language.
         */
        get: operations["listMyNotifications"];
        put?: never;
        /**
         * Tell a reader something
         * @description On the channels that he chose for its kind, else on the one that is asked for and in his inbox. With a dedupeKey he is told the same thing once.
         */
        post: operations["sendNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a notification
         * @description Mine; with notifications:send anybody's, without its words.
         */
        get: operations["getNotification"];
        put?: never;
        post?: never;
        /**
         * Take a notification back
         * @description As long as it waits for its time, the morning or a digest. What is on its way arrives.
         */
        delete: operations["cancelNotification"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How I want to be told things
         * @description The ETag is what a change has to name in If-Match to be one of these preferences and no others.
         */
        get: operations["getMyPreferences"];
        /**
         * Say how I want to be told things
         * @description Counts for what I am told from then on. Addresses that are left out stay as they are. With If-Match a change of other preferences than those that were read is refused, also of two at the same moment the second one; the answer then comes when the change counts. Without it the last one counts.
         */
        put: operations["setMyPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** I have seen my inbox */
        post: operations["markNotificationsRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow my inbox
         * @description Server-sent events: what came into my inbox in the last 30 days first, the oldest first, then everything as it comes. The id of an event is its place in the log (partition-offset), its name `notification`, its data the notification as the inbox has it. With Last-Event-ID the stream goes on after that event: nothing is lost, nothing comes twice. A last event named `end` says why the stream ended: `token-expired`, `shutdown` or `slow-reader` (come back with Last-Event-ID).
         */
        get: operations["streamMyNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What readers can be told */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications/templates/{name}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A template in words
         * @description Nothing is sent.
         */
        post: operations["previewTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders, the newest first
         * @description One's own; all of them with the permission orders:read-all. Found in analytics, about a second behind, and shown as they stand now: an order that was just placed may be missing, one that has just left the state asked for is not shown.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description The order is in the log when the answer comes, and is decided a moment later. The same Idempotency-Key means the same order, for ever.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order
         * @description An order of somebody else is answered like one that does not exist. With `include` its payments and shipments come along, read side by side: one that cannot be read within half a second is named in `missing`, and the rest is answered.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        /**
         * Erase the personal data of a closed order
         * @description For the order of a guest, which has a data key of its own. That of a customer has the key of all his orders: erase the customer. The order itself stays.
         */
        delete: operations["eraseOrder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/amend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take less than was ordered
         * @description For an order whose stock is short (ActionRequired, BackOrdered): lines are dropped or reduced, and the rest is reserved anew.
         */
        post: operations["amendOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description Possible until it is shipped: what was taken is given back, whether it was held or paid. Of an order that left in part, the rest is cancelled.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * History of an order
         * @description Comes from analytics, about a second behind the order itself.
         */
        get: operations["listOrderEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Payments of an order
         * @description One for each attempt, oldest first, with their refunds.
         */
        get: operations["listOrderPayments"];
        put?: never;
        /**
         * Pay again
         * @description For an order whose payment was declined (ActionRequired): its stock is kept for a day. Without a body it is paid as before.
         */
        post: operations["retryPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Returns of an order
         * @description Oldest first, with what became of each.
         */
        get: operations["listReturns"];
        put?: never;
        /**
         * Ask to give pieces back
         * @description For delivered pieces, within 30 days. The return is decided by the shop; its money is given back once the goods are there.
         */
        post: operations["requestReturn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/returns/{returnId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or decline a return
         * @description An approved return is waited for 30 days.
         */
        post: operations["answerReturn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/returns/{returnId}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in the goods of a return
         * @description What really arrived; without lines all of it. Goods go back to the stock, their money to the customer.
         */
        post: operations["receiveReturn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide on an order under risk review
         * @description For an order that is OnRiskReview, within 72 hours: it goes on to its payment, or is cancelled and its stock given back. The first decision counts.
         */
        post: operations["reviewOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/ship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand pieces to the carrier
         * @description Pieces of a confirmed order leave as a parcel of their own; without a body everything that has not left.
         */
        post: operations["shipOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/shipments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shipments of an order
         * @description By number, with their tracking history.
         */
        get: operations["listOrderShipments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an order
         * @description Server-sent events: the whole history of the order first, then every event as it happens. The id of an event is its place in the log (partition-offset), its name the type, its data what /events has. With Last-Event-ID the stream goes on after that event: nothing is lost, nothing comes twice. A last event named `end` says why the stream ended: `outcome` (rejected, cancelled, failed, timed out or returned whole: nothing can follow; a client that comes back gets 204), `token-expired`, `shutdown` or `slow-reader` (come back with Last-Event-ID). A delivered order may be returned: its stream stays open.
         */
        get: operations["streamOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place many orders
         * @description One order a line, one result a line, in the order of the lines and while they come: read the results while you send. A bad line gets its problem and the others go on. A line is known by the Idempotency-Key of the request and its clientReference, without one by its number: a repeated request, whole or broken off, creates nothing twice and answers the same ids. Lines end with LF or CRLF. Counts as one request; beyond 500 lines a second of one user they are taken as slowly as that.
         */
        post: operations["placeOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a payment
         * @description A payment of somebody else's order is answered like one that does not exist.
         */
        get: operations["getPayment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/{id}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give money back
         * @description The refund is in the log when the answer comes. The same Idempotency-Key means the same refund of the payment, for ever. Support may give back 200 of one payment in all.
         */
        post: operations["refundPayment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search and browse products
         * @description All filters together; a category stands for all below it. Facets count the whole list, not the page. Comes from memory, a moment behind the log.
         */
        get: operations["listProducts"];
        put?: never;
        /**
         * Add a product
         * @description A draft unless it says otherwise. The answer is 202 with a Location that waits for the product, or with `Prefer: wait=N` 201 with the product itself.
         */
        post: operations["createProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product
         * @description A product that is not published is answered like one that does not exist, but to who may write; one that is archived, to everybody. The ETag is for If-None-Match and If-Match.
         */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        /**
         * Archive a product for good
         * @description Orders go on showing what they were placed for; the SKU is never used again.
         */
        delete: operations["deleteProduct"];
        options?: never;
        head?: never;
        /** Change what a product is */
        patch: operations["updateProduct"];
        trace?: never;
    };
    "/v1/products/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a product that is not for sale, for good */
        post: operations["archiveProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set what a product can be found by */
        put: operations["setAttributes"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set the images of a product */
        put: operations["setImages"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/price": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set the price of a product in one currency
         * @description Orders that are accepted keep the price that they were accepted at.
         */
        post: operations["changePrice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a product cost when
         * @description Oldest first. Comes from analytics, about a second behind the product itself. A page ends with a whole event: it may hold a few more items than `limit`.
         */
        get: operations["listPrices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Offer a product for sale */
        post: operations["publishProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/unpublish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a product off sale */
        post: operations["unpublishProduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/featured": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Products of the front page */
        get: operations["listFeaturedProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/sku/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product by its SKU
         * @description A product that is not published is answered like one that does not exist, but to who may write; one that is archived, to everybody. The ETag is for If-None-Match and If-Match.
         */
        get: operations["getProductBySku"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a shipment */
        get: operations["getShipment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a shipment
         * @description Stops everything of its order that has not left; the order gives back what belongs to it.
         */
        post: operations["cancelShipment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{id}/delivered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell of a delivery */
        post: operations["confirmDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{id}/delivery-attempt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell of a delivery in vain
         * @description After the third one the carrier brings the shipment back.
         */
        post: operations["recordDeliveryAttempt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/{id}/tracking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell where a shipment is
         * @description News older than what is known is kept and moves nothing.
         */
        post: operations["recordTracking"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/delayed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shipments that are late
         * @description Found in analytics, about a second behind, and shown as they stand now.
         */
        get: operations["listDelayedShipments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shipments to be picked up
         * @description Found in analytics, about a second behind, and shown as they stand now.
         */
        get: operations["listPendingShipments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/shipments/tracking/{no}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a shipment by its tracking number */
        get: operations["getShipmentByTracking"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a user */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete a user
         * @description His sessions end, and the address is free again. Orders stay; their personal data goes with its key.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/credit-limit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a customer may owe, and owes */
        get: operations["getCreditLimit"];
        /**
         * Set how much a customer may owe
         * @description Counts for orders that are assessed after it. The customer need not have ordered before.
         */
        put: operations["setCreditLimit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say which roles a user has
         * @description Nobody gives a role that allows more than he may himself. It counts from the next access token on: within its life, 15 minutes.
         */
        put: operations["setRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read my account */
        get: operations["getMyAccount"];
        /** Change what I say of myself */
        put: operations["updateMyAccount"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is kept about me
         * @description Account, orders with their payments, shipments, returns and addresses, notifications, and visits where it is known whose they were. Streamed; read from state and from analytics, which is about a second behind. A document that breaks off is not whole: ask again.
         */
        get: operations["exportMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a service account
         * @description For a program that asks for its tokens at POST /v1/auth/token. To change secret or grants make another one and delete this.
         */
        post: operations["createServiceAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your subscriptions */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Subscribe to events
         * @description Messages about events from now on are posted to the URL, signed with the secret of this answer, which is shown nowhere else. The same Idempotency-Key means the same subscription. Events of payments and shipments also need payments:read and shipments:read. An account has 20 at most.
         */
        post: operations["subscribeWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a subscription
         * @description Somebody else's is answered like one that does not exist.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * End a subscription
         * @description What waits is not sent; a message that is on its way may still arrive.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a subscription, stop it, or enable it again
         * @description What waited while it was disabled is sent once it is active again; events that came meanwhile are not told.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages of a subscription, the newest first */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a message and its tries */
        get: operations["getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{messageId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again
         * @description The same message under the same webhook-id, in its turn; once it has arrived or was given up.
         */
        post: operations["resendWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message
         * @description A message webhooks.ping is sent once, also to a subscription that is disabled. What came of it is in the list of messages.
         */
        post: operations["pingWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the messages of a time again
         * @description The newest 200 of the time are looked at; those that were given up are sent, the oldest first. Ask again for an earlier time to have more.
         */
        post: operations["resendWebhookDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the secret
         * @description The new secret signs at once, and is shown nowhere else. The one before signs too until the overlap is over: take the new one in within that time.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/carriers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Callback of a carrier
         * @description Signed like the callbacks of payments. It may come twice, late, or out of order: it counts once, and moves a shipment only forward.
         */
        post: operations["receiveCarrierCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every event that can be subscribed to */
        get: operations["listWebhookEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receipt or bounce of a notification
         * @description Signed like the callbacks of payments. It may come twice, late, or out of order: it counts once. What is about no notification of ours is passed over.
         */
        post: operations["receiveNotificationReceipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Callback of the payment provider
         * @description Signed in the way of Stripe: HMAC-SHA256 over time and raw body. It may come twice, late, or before the answer to the call that it is about: it counts once.
         */
        post: operations["receivePaymentCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Category
         * @description A category with what is below it.
         */
        "def-0": {
            categoryId: string;
            children: components["schemas"]["def-0"][];
            name: string;
            parentId: string | null;
            /** @description Changes, counted from 1; also in the ETag. */
            version: number;
        };
        /** @description Problem details (RFC 9457). */
        Problem: {
            /** @description Stable name of the kind of problem: match on this. */
            code: string;
            /** @description What is wrong with this request. */
            detail?: string;
            errors?: {
                /** @description JSON pointer into the body. */
                field: string;
                message: string;
            }[];
            /** @description HTTP status. */
            status: number;
            /** @description The kind of problem in words. */
            title: string;
            /** @description Names this request in logs and traces. */
            traceId: string;
            /** @description URN of the kind of problem. */
            type: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "live";
                    };
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description True for every part that works. */
                        checks: {
                            [key: string]: boolean;
                        };
                        /** @enum {unknown} */
                        status: "ready" | "unready";
                    };
                };
            };
            /** @description Default Response */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description True for every part that works. */
                        checks: {
                            [key: string]: boolean;
                        };
                        /** @enum {unknown} */
                        status: "ready" | "unready";
                    };
                };
            };
        };
    };
    getKeySet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A key set (RFC 7517). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            /** @enum {string} */
                            alg: "EdDSA";
                            /** @enum {string} */
                            crv: "Ed25519";
                            /** @description Id of the key: tokens name it in their header. */
                            kid: string;
                            /** @enum {string} */
                            kty: "OKP";
                            /** @enum {string} */
                            use: "sig";
                            /** @description The public key, base64url. */
                            x: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFlags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every flag, by name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            changedAt: string;
                            /** @description Subject of the token that changed it; null = nobody, or by topic. */
                            changedBy: string | null;
                            /** @description What it does. */
                            description: string;
                            enabled: boolean;
                            experiment: boolean;
                            kind: string;
                            layer: {
                                from: number;
                                name: string;
                                to: number;
                            } | null;
                            name: string;
                            reason: string;
                            rules: {
                                attribute: string;
                                values: string[];
                                variant: string;
                            }[];
                            salt: string;
                            /** @description What counts where no rule matches and nothing is split; null for a switch. */
                            variant: string | null;
                            variants: {
                                name: string;
                                value: unknown;
                                /** @description Null = the flag is not split. */
                                weightBp: number | null;
                            }[];
                        }[];
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setFlag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the flag. */
                name: string;
            };
            cookie?: never;
        };
        /** @description A flag as it is to stand. A switch of the platform takes `enabled` alone. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": true,
                 *       "reason": "stocktaking until noon"
                 *     }
                 */
                "application/json": {
                    /** @description What it is for. */
                    description?: string;
                    /** @description Whether it is on. */
                    enabled: boolean;
                    /** @description True: it is told who got which variant, and clients may ask for theirs. */
                    experiment?: boolean;
                    /**
                     * @description Of what kind the values are.
                     * @enum {unknown}
                     */
                    kind?: "boolean" | "string" | "number" | "object";
                    layer?: {
                        /** @description First of the 10,000 places of the layer that take part. */
                        from: number;
                        /** @description Name of the layer. */
                        name: string;
                        /** @description First place after them. */
                        to: number;
                    } | null;
                    /** @description Why, in words for people; no personal data. */
                    reason?: string;
                    rules?: {
                        /** @description Attribute of the asker; `targetingKey` = the subject itself. */
                        attribute: string;
                        /** @description It matches when the attribute, as text, is one of these. */
                        values: string[];
                        /** @description Name of the variant, once in its flag. */
                        variant: string;
                    }[];
                    /** @description What subjects are hashed with: another one deals them anew. Empty = the name. */
                    salt?: string;
                    /** @description What counts where no rule matches and nothing is split. */
                    variant?: string | null;
                    variants?: {
                        /** @description Name of the variant, once in its flag. */
                        name: string;
                        /** @description What it gives: of the kind of the flag, at most 4,096 bytes of JSON. */
                        value: unknown;
                        /** @description Share of the subjects, in 1/10,000: all variants have one, or none has; together they come to 10,000. */
                        weightBp?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description A switch of the platform, or a flag with variants. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        changedAt: string;
                        /** @description Subject of the token that changed it; null = nobody, or by topic. */
                        changedBy: string | null;
                        /** @description What it does. */
                        description: string;
                        enabled: boolean;
                        experiment: boolean;
                        kind: string;
                        layer: {
                            from: number;
                            name: string;
                            to: number;
                        } | null;
                        name: string;
                        reason: string;
                        rules: {
                            attribute: string;
                            values: string[];
                            variant: string;
                        }[];
                        salt: string;
                        /** @description What counts where no rule matches and nothing is split; null for a switch. */
                        variant: string | null;
                        variants: {
                            name: string;
                            value: unknown;
                            /** @description Null = the flag is not split. */
                            weightBp: number | null;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteFlag: {
        parameters: {
            query: {
                /** @description Why, in words for people; no personal data. */
                reason: string;
            };
            header?: never;
            path: {
                /** @description Name of the flag. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeFlag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the flag. */
                name: string;
            };
            cookie?: never;
        };
        /** @description What is to be another; the rest stays. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false,
                 *       "reason": "stocktaking is over"
                 *     }
                 */
                "application/json": {
                    /** @description What it is for. */
                    description?: string;
                    /** @description Whether it is on. */
                    enabled?: boolean;
                    /** @description True: it is told who got which variant, and clients may ask for theirs. */
                    experiment?: boolean;
                    /**
                     * @description Of what kind the values are.
                     * @enum {unknown}
                     */
                    kind?: "boolean" | "string" | "number" | "object";
                    layer?: {
                        /** @description First of the 10,000 places of the layer that take part. */
                        from: number;
                        /** @description Name of the layer. */
                        name: string;
                        /** @description First place after them. */
                        to: number;
                    } | null;
                    /** @description Why, in words for people; no personal data. */
                    reason: string;
                    rules?: {
                        /** @description Attribute of the asker; `targetingKey` = the subject itself. */
                        attribute: string;
                        /** @description It matches when the attribute, as text, is one of these. */
                        values: string[];
                        /** @description Name of the variant, once in its flag. */
                        variant: string;
                    }[];
                    /** @description What subjects are hashed with: another one deals them anew. Empty = the name. */
                    salt?: string;
                    /** @description What counts where no rule matches and nothing is split. */
                    variant?: string | null;
                    variants?: {
                        /** @description Name of the variant, once in its flag. */
                        name: string;
                        /** @description What it gives: of the kind of the flag, at most 4,096 bytes of JSON. */
                        value: unknown;
                        /** @description Share of the subjects, in 1/10,000: all variants have one, or none has; together they come to 10,000. */
                        weightBp?: number;
                    }[];
                    /** @description New weights of variants that are there, by name. */
                    weights?: {
                        [key: string]: number;
                    };
                };
            };
        };
        responses: {
            /** @description A switch of the platform, or a flag with variants. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        changedAt: string;
                        /** @description Subject of the token that changed it; null = nobody, or by topic. */
                        changedBy: string | null;
                        /** @description What it does. */
                        description: string;
                        enabled: boolean;
                        experiment: boolean;
                        kind: string;
                        layer: {
                            from: number;
                            name: string;
                            to: number;
                        } | null;
                        name: string;
                        reason: string;
                        rules: {
                            attribute: string;
                            values: string[];
                            variant: string;
                        }[];
                        salt: string;
                        /** @description What counts where no rule matches and nothing is split; null for a switch. */
                        variant: string | null;
                        variants: {
                            name: string;
                            value: unknown;
                            /** @description Null = the flag is not split. */
                            weightBp: number | null;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readLogLevel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the log of a process holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "level": "debug"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The least severe line that is written.
                         * @enum {unknown}
                         */
                        level: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setLogLevel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What the log of a process holds. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "level": "debug"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description The least severe line that is written.
                     * @enum {unknown}
                     */
                    level: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
                };
            };
        };
        responses: {
            /** @description What the log of a process holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "level": "debug"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description The least severe line that is written.
                         * @enum {unknown}
                         */
                        level: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who is to be erased: either a customer or the guest of an order. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "customerId": "customer-4711",
                 *       "reason": "asked for by mail, ticket 42"
                 *     }
                 */
                "application/json": {
                    /** @description The customer: his account and the personal data of all his orders. */
                    customerId?: string;
                    /** @description The order of a guest. */
                    orderId?: string;
                    /** @description Why, in words for people; no personal data. */
                    reason: string;
                } & (unknown | unknown);
            };
        };
        responses: {
            /** @description The request is in the log. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the data key that is destroyed. */
                        keyId: string;
                        /** @description Where it is told how far it is. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                        /** @description The customer, or the order of the guest. */
                        subject: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getErasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer, or the order of a guest. */
                subject: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The erasure of a person, with its proof. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accountId: string | null;
                        destroyedAt: string | null;
                        digest: string | null;
                        /** @description Id of the data key. */
                        keyId: string;
                        reason: string;
                        /**
                         * Format: date-time
                         * @description When it was asked for.
                         */
                        requestedAt: string;
                        requestedBy: string | null;
                        /**
                         * @description Erased: no copy of what was encrypted with the key can be read any more.
                         * @enum {unknown}
                         */
                        status: "running" | "erased";
                        subject: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportPerson: {
        parameters: {
            query?: {
                /** @description The customer: his account and the personal data of all his orders. */
                customerId?: string;
                /** @description The order of a guest. */
                orderId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document, as it is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account: {
                            /** @description E-mail address; null for service accounts and where it was erased. */
                            email: string | null;
                            /** @description Permissions of a service account. */
                            grants: string[];
                            /** @enum {unknown} */
                            kind: "person" | "service";
                            /** @description Locks that turn logins away now. */
                            locks: {
                                /** @enum {unknown} */
                                scope: "address" | "account";
                                /** Format: date-time */
                                until: string;
                            }[];
                            /** @description Name of the person, or what the service account is for. */
                            name: string | null;
                            /** Format: date-time */
                            registeredAt: string;
                            roles: string[];
                            /** @description Open sessions. */
                            sessions: number;
                            /** @enum {unknown} */
                            status: "unverified" | "active" | "deleted";
                            /** @description Id of the user; the customer id of orders. */
                            userId: string;
                            /** @description Events of the user. */
                            version: number;
                        } | null;
                        /** @description Events of the account, and the notifications it was sent. */
                        accountRecords: ({
                            /** Format: date-time */
                            occurredAt: string;
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** Format: date-time */
                        exportedAt: string;
                        orders: {
                            order: {
                                actionReason: ("shortStock" | "paymentDeclined") | null;
                                /** @description Money ever held. Decimal text with four places. */
                                authorised: string;
                                /** @description Money ever taken. Decimal text with four places. */
                                captured: string;
                                carrier: string | null;
                                /** @enum {unknown} */
                                channel: "storefront" | "api" | "import" | "backoffice";
                                clientReference: string | null;
                                confirmedAt: string | null;
                                currency: string;
                                customerId: string | null;
                                deadline: string | null;
                                deliveredAt: string | null;
                                lines: {
                                    /** @description Pieces that will not be delivered. */
                                    cancelled: number;
                                    /** @description Pieces that were delivered with the order. */
                                    delivered: number;
                                    lineNo: number;
                                    /** @description Price of the line. Decimal text with four places. */
                                    lineTotal: string;
                                    /**
                                     * @description Who set the price.
                                     * @enum {unknown}
                                     */
                                    priceSource: "catalog" | "quoted";
                                    /** @description Pieces. */
                                    quantity: number;
                                    /** @description Pieces that were given back. */
                                    returned: number;
                                    /** @description Pieces that have left and did not come back undelivered. */
                                    shipped: number;
                                    sku: string;
                                    /** @description Price of one piece. Decimal text with four places. */
                                    unitPrice: string;
                                }[];
                                /** @description Id of the order: a UUID in lower case. */
                                orderId: string;
                                outcome: ("Fulfilled" | "Cancelled" | "Failed" | "TimedOut" | "Rejected") | null;
                                outcomeCause: ("shortStock" | "paymentDeclined" | "customer" | "technical" | "stepTimeout" | "sagaTimeout" | "riskRejected" | "actionTimeout" | "backOrderTimeout" | "reviewTimeout" | "undeliverable") | null;
                                /** @description Parcels of the order. */
                                parcels: {
                                    /** @description Attempts to deliver it that failed. */
                                    attempts: number;
                                    carrier: string;
                                    deliveredAt: string | null;
                                    /** @description True once the promise was not kept. */
                                    isLate: boolean;
                                    lines: {
                                        lineNo: number;
                                        /** @description Pieces. */
                                        quantity: number;
                                    }[];
                                    location: string | null;
                                    promisedBy: string | null;
                                    shipmentId: string;
                                    /** @description Number of the parcel in the order. */
                                    shipmentNo: number;
                                    /**
                                     * @description Where it is.
                                     * @enum {unknown}
                                     */
                                    stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                                    trackingNumber: string;
                                }[];
                                paymentId: string | null;
                                /**
                                 * Format: date-time
                                 * @description When the order was placed.
                                 */
                                placedAt: string;
                                reason: string | null;
                                /** @description Money given back after it was taken. Decimal text with four places. */
                                refunded: string;
                                shipmentId: string | null;
                                /** @description What is short while the order waits for its customer or for stock. */
                                shortages: {
                                    /** @description Pieces that were free. */
                                    available: number;
                                    /** @description Pieces asked for. */
                                    requested: number;
                                    sku: string;
                                }[];
                                /** @enum {unknown} */
                                state: "Pending" | "InventoryReserved" | "OnRiskReview" | "PaymentAuthorized" | "Confirmed" | "PartiallyShipped" | "Shipped" | "Delivered" | "ReturnRequested" | "PartiallyReturned" | "Returned" | "ActionRequired" | "BackOrdered" | "Compensating" | "Cancelled" | "Failed" | "TimedOut" | "Rejected";
                                /** @description Sum of the lines. Decimal text with four places. */
                                total: string;
                                trackingNumber: string | null;
                                /**
                                 * Format: date-time
                                 * @description When the order changed last.
                                 */
                                updatedAt: string;
                                /** @description Number of events of the order. */
                                version: number;
                                /** @description Money set free before it was taken. Decimal text with four places. */
                                voided: string;
                            } | null;
                            payments: {
                                /** @description Amount asked for. Decimal text with four places, in the currency of the payment. */
                                amount: string;
                                /** @description Attempt of the order, counted from 1. */
                                attempt: number;
                                /** @description Money that was held. Decimal text with four places, in the currency of the payment. */
                                authorised: string;
                                /** @description Money taken. Decimal text with four places, in the currency of the payment. */
                                captured: string;
                                /** @description ISO 4217 code of every amount. */
                                currency: string;
                                failure: string | null;
                                /** @enum {unknown} */
                                method: "card" | "paypal" | "bankTransfer" | "invoice";
                                orderId: string;
                                paymentId: string;
                                /** @description Money given back after it was taken. Decimal text with four places, in the currency of the payment. */
                                refunded: string;
                                /** @description Every refund asked for, in order. */
                                refunds: {
                                    /** @description Why it was asked for. */
                                    reason: string;
                                    /** @description Amount given back. Decimal text with four places, in the currency of the payment. */
                                    refunded: string;
                                    /** @description Id of the refund. */
                                    refundId: string;
                                    refusal: string | null;
                                    requested: string | null;
                                    /**
                                     * @description How it stands; a failing one is tried again until it is done.
                                     * @enum {unknown}
                                     */
                                    status: "pending" | "failing" | "done" | "refused";
                                }[];
                                /** @enum {unknown} */
                                status: "none" | "authorising" | "authorised" | "capturing" | "captured" | "voiding" | "voided" | "refunding" | "partiallyRefunded" | "refunded" | "failed" | "fenced";
                                /** @description Money set free before it was taken. Decimal text with four places, in the currency of the payment. */
                                voided: string;
                            }[];
                            /** @description Its events and notifications: addresses, returns, refunds. */
                            records: ({
                                /** Format: date-time */
                                occurredAt: string;
                                type: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            shipments: {
                                carrier: string;
                                /**
                                 * Format: date-time
                                 * @description When it was created.
                                 */
                                createdAt: string;
                                /** @description True when the promise was missed. */
                                delayed: boolean;
                                /** @enum {unknown} */
                                deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                                /** @description Times it was brought to the door in vain. */
                                failedAttempts: number;
                                /** @description What was told of it, oldest first; the newest twenty. */
                                history: {
                                    /**
                                     * Format: date-time
                                     * @description When it was seen.
                                     */
                                    at: string;
                                    location: string | null;
                                    note: string | null;
                                    /**
                                     * @description Stage on its way.
                                     * @enum {unknown}
                                     */
                                    stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                                }[];
                                lines: {
                                    lineNo: number;
                                    /** @description Pieces. */
                                    quantity: number;
                                    sku: string;
                                }[];
                                orderId: string;
                                promisedBy: string | null;
                                service: string;
                                shipmentId: string;
                                /** @description Number in its order, counted from 1. */
                                shipmentNo: number;
                                /**
                                 * @description Stage on its way.
                                 * @enum {unknown}
                                 */
                                stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                                trackingNumber: string;
                            }[];
                        }[];
                        subject: string;
                        /** @description What was seen and put into the cart, and variants of experiments that were shown, where it is known whose visit it was. */
                        visits: ({
                            /** Format: date-time */
                            occurredAt: string;
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLifetimeValue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Customer account. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a customer is worth, by currency. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        /** @description Customer account. */
                        customerId: string;
                        items: {
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /**
                             * Format: date-time
                             * @description When the first of them was placed.
                             */
                            firstOrderAt: string;
                            /** @description Totals of those orders. Decimal text with four places. */
                            gross: string;
                            /**
                             * Format: date-time
                             * @description When the last of them was placed.
                             */
                            lastOrderAt: string;
                            /** @description Gross less refunds. Decimal text with four places. */
                            lifetimeValue: string;
                            /** @description Orders ever confirmed. */
                            orders: number;
                            /** @description Given back of them. Decimal text with four places. */
                            refunds: string;
                            /**
                             * @description The first of these that holds, as of now.
                             * @enum {unknown}
                             */
                            segment: "VIP" | "High Value" | "Loyal" | "Churned" | "At Risk" | "Regular" | "New";
                            /** @description Pieces bought. */
                            units: number;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDashboard: {
        parameters: {
            query?: {
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures of an overview. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        latency: {
                            /** @description The longest. Unit: ms. */
                            maxMs: number;
                            /** @description Orders that made it. */
                            orders: number;
                            /** @description Half of them took no longer. Unit: ms. */
                            p50Ms: number;
                            /** @description 95 of 100 took no longer. Unit: ms. */
                            p95Ms: number;
                            /** @description 99 of 100 took no longer. Unit: ms. */
                            p99Ms: number;
                            /** @description Step of the order. */
                            step: string;
                        }[];
                        orders: {
                            /** @description Cancelled. */
                            cancelled: number;
                            /** @description Sold and on their way, now. */
                            confirmed: number;
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description Failed for technical reasons. */
                            failed: number;
                            /** @description Delivered. */
                            fulfilled: number;
                            /** @description Orders accepted: the sum of the next six. */
                            orders: number;
                            /** @description Neither sold nor ended, now. */
                            pending: number;
                            /** @description Ever confirmed. */
                            sales: number;
                            /** @description Timed out. */
                            timedOut: number;
                        }[];
                        payments: {
                            /** @description Attempts to pay that ended. */
                            attempts: number;
                            /** @description Declined ones. */
                            declined: number;
                            /** @description Those that failed for another reason. */
                            failed: number;
                            /** @description Declined and failed of all. */
                            failureRate: number;
                            /** @description Kind of payment instrument. */
                            method: string;
                        }[];
                        products: {
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description Price of them. Decimal text with four places. */
                            gross: string;
                            /** @description Orders ever confirmed with it. */
                            orders: number;
                            /** @description Price of those. Decimal text with four places. */
                            refunds: string;
                            /** @description Pieces of them that came back, were not delivered or were credited. */
                            returnedUnits: number;
                            /** @description Stock keeping unit, or the code of a charge. */
                            sku: string;
                            /** @description Pieces sold. */
                            units: number;
                        }[];
                        revenue: {
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description Totals of those orders. Decimal text with four places. */
                            gross: string;
                            /** @description Lines sold. */
                            lines: number;
                            /** @description Gross less refunds. Decimal text with four places. */
                            net: string;
                            /** @description Given back of them. Decimal text with four places. */
                            refunds: string;
                            /** @description Orders ever confirmed. */
                            sales: number;
                            /**
                             * Format: date
                             * @description First day of the period.
                             */
                            start: string;
                            /** @description Pieces sold. */
                            units: number;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAnalytics: {
        parameters: {
            query: {
                /** @description View that is taken out: docs/analytics.md describes its columns. Its days are those of `from` and `to`. */
                dataset: "orders-by-day" | "sales-by-day" | "product-sales" | "product-days" | "funnel" | "customers" | "payment-failures" | "stock-movements" | "order-facts" | "payment-facts";
                /** @description csv has a line of names; in ndjson amounts are text. */
                format?: "csv" | "ndjson" | "parquet";
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Rows at most. */
                limit?: number;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": string;
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFunnel: {
        parameters: {
            query?: {
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sessions by how far they came. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        items: {
                            /** @description Share of the sessions of the first step. */
                            ofFirst: number;
                            /** @description Share of the sessions of the step before. */
                            ofPrevious: number;
                            /** @description Sessions that came at least that far, within 24 hours of their first view. */
                            sessions: number;
                            /**
                             * @description How far a session came.
                             * @enum {unknown}
                             */
                            step: "viewed" | "addedToCart" | "checkout" | "ordered";
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOrdersSummary: {
        parameters: {
            query?: {
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Orders by currency. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        items: {
                            /** @description Cancelled. */
                            cancelled: number;
                            /** @description Sold and on their way, now. */
                            confirmed: number;
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description Failed for technical reasons. */
                            failed: number;
                            /** @description Delivered. */
                            fulfilled: number;
                            /** @description Orders accepted: the sum of the next six. */
                            orders: number;
                            /** @description Neither sold nor ended, now. */
                            pending: number;
                            /** @description Ever confirmed. */
                            sales: number;
                            /** @description Timed out. */
                            timedOut: number;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTopProducts: {
        parameters: {
            query?: {
                /** @description ISO 4217 code; absent = every currency. */
                currency?: string;
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Items at most. */
                limit?: number;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Products with the greatest revenue, greatest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        items: {
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description Price of them. Decimal text with four places. */
                            gross: string;
                            /** @description Orders ever confirmed with it. */
                            orders: number;
                            /** @description Price of those. Decimal text with four places. */
                            refunds: string;
                            /** @description Pieces of them that came back, were not delivered or were credited. */
                            returnedUnits: number;
                            /** @description Stock keeping unit, or the code of a charge. */
                            sku: string;
                            /** @description Pieces sold. */
                            units: number;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRevenue: {
        parameters: {
            query?: {
                /** @description Length of a period; a week begins on Monday. */
                by?: "day" | "week" | "month" | "year";
                /** @description ISO 4217 code; absent = every currency. */
                currency?: string;
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Items at most. */
                limit?: number;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revenue by period and currency, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        items: {
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description Totals of those orders. Decimal text with four places. */
                            gross: string;
                            /** @description Lines sold. */
                            lines: number;
                            /** @description Gross less refunds. Decimal text with four places. */
                            net: string;
                            /** @description Given back of them. Decimal text with four places. */
                            refunds: string;
                            /** @description Orders ever confirmed. */
                            sales: number;
                            /**
                             * Format: date
                             * @description First day of the period.
                             */
                            start: string;
                            /** @description Pieces sold. */
                            units: number;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSagaLatency: {
        parameters: {
            query?: {
                /** @description First day of the orders that count; absent = from the beginning. UTC, e.g. 2026-02-28. */
                from?: string;
                /** @description Last day of the orders that count; absent = up to now. UTC, e.g. 2026-02-28. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How long the steps of orders took. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How far the figures have come. */
                        asOf: {
                            /** @description Newest fact of each partition that is counted, as partition-offset. */
                            positions: string[];
                            /** @description Null = nothing was counted yet. */
                            time: string | null;
                        };
                        items: {
                            /** @description The longest. Unit: ms. */
                            maxMs: number;
                            /** @description Orders that made it. */
                            orders: number;
                            /** @description Half of them took no longer. Unit: ms. */
                            p50Ms: number;
                            /** @description 95 of 100 took no longer. Unit: ms. */
                            p95Ms: number;
                            /** @description 99 of 100 took no longer. Unit: ms. */
                            p99Ms: number;
                            /** @description Step of the order. */
                            step: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Who wants to log in. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": {
                    /** @description E-mail address; encrypted before it is written anywhere. */
                    email: string;
                    /** @description The password. */
                    password: string;
                };
            };
        };
        responses: {
            /** @description A session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description For the header `authorization: Bearer …`. */
                        accessToken: string;
                        /** @description Life of the access token, seconds. */
                        expiresInS: number;
                        /**
                         * Format: date-time
                         * @description When the refresh token is worth nothing any more.
                         */
                        refreshExpiresAt: string;
                        /** @description Gives the next two tokens, once. Shown twice it ends the session. */
                        refreshToken: string;
                        /** @enum {string} */
                        tokenType: "Bearer";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The session to be ended. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "cr_1b4e28ba-2fa1-41d2-883f-0016d3cca427.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                 *       "everywhere": true
                 *     }
                 */
                "application/json": {
                    /**
                     * @description True ends all sessions of the user.
                     * @default false
                     */
                    everywhere?: boolean;
                    /** @description The newest refresh token of the session. */
                    refreshToken: string;
                };
            };
        };
        responses: {
            /** @description The session is over, if there was one. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Another password. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currentPassword": "correct horse battery",
                 *       "newPassword": "staple gun on Tuesday"
                 *     }
                 */
                "application/json": {
                    /** @description The password. */
                    currentPassword: string;
                    /** @description A new password: 12 to 200 characters of any kind, at least five different ones. */
                    newPassword: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Whose password is forgotten. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com"
                 *     }
                 */
                "application/json": {
                    /** @description E-mail address; encrypted before it is written anywhere. */
                    email: string;
                };
            };
        };
        responses: {
            /** @description If there is something to do, it is done, and its owner gets a mail. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Another password, by the token from the mail. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "cm_1b4e28ba-2fa1-41d2-883f-0016d3cca427.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                 *       "newPassword": "staple gun on Tuesday"
                 *     }
                 */
                "application/json": {
                    /** @description A new password: 12 to 200 characters of any kind, at least five different ones. */
                    newPassword: string;
                    /** @description Token from the mail; it counts once. */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A refresh token to be exchanged. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refreshToken": "cr_1b4e28ba-2fa1-41d2-883f-0016d3cca427.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                 *     }
                 */
                "application/json": {
                    /** @description The newest refresh token of the session. */
                    refreshToken: string;
                };
            };
        };
        responses: {
            /** @description A session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description For the header `authorization: Bearer …`. */
                        accessToken: string;
                        /** @description Life of the access token, seconds. */
                        expiresInS: number;
                        /**
                         * Format: date-time
                         * @description When the refresh token is worth nothing any more.
                         */
                        refreshExpiresAt: string;
                        /** @description Gives the next two tokens, once. Shown twice it ends the session. */
                        refreshToken: string;
                        /** @enum {string} */
                        tokenType: "Bearer";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A new account. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "email": "ada@example.com",
                 *       "password": "correct horse battery",
                 *       "name": "Ada Lovelace"
                 *     }
                 */
                "application/json": {
                    /** @description E-mail address; encrypted before it is written anywhere. */
                    email: string;
                    /** @description Name of the person; encrypted before it is written anywhere. */
                    name?: string;
                    /** @description A new password: 12 to 200 characters of any kind, at least five different ones. */
                    password: string;
                };
            };
        };
        responses: {
            /** @description If there is something to do, it is done, and its owner gets a mail. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grantClientToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Credentials of a service account. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "grant_type": "client_credentials",
                 *       "client_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                 *       "client_secret": "cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                 *       "scope": "orders:write orders:read"
                 *     }
                 */
                "application/json": {
                    /** @description Id of the service account; or in the header `authorization: Basic …`. */
                    client_id?: string;
                    /** @description Its secret. */
                    client_secret?: string;
                    /** @enum {string} */
                    grant_type: "client_credentials";
                    /** @description Permissions wanted, with spaces between them; nothing = all that are granted. */
                    scope?: string;
                };
                /**
                 * @example {
                 *       "grant_type": "client_credentials",
                 *       "client_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                 *       "client_secret": "cs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                 *       "scope": "orders:write orders:read"
                 *     }
                 */
                "application/x-www-form-urlencoded": {
                    /** @description Id of the service account; or in the header `authorization: Basic …`. */
                    client_id?: string;
                    /** @description Its secret. */
                    client_secret?: string;
                    /** @enum {string} */
                    grant_type: "client_credentials";
                    /** @description Permissions wanted, with spaces between them; nothing = all that are granted. */
                    scope?: string;
                };
            };
        };
        responses: {
            /** @description An access token of a service account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        access_token: string;
                        /** @description Seconds. */
                        expires_in: number;
                        /** @description Permissions of the token. */
                        scope: string;
                        /** @enum {string} */
                        token_type: "Bearer";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The token from the mail, and the password that was registered with: so nobody proves an address for somebody else. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "cm_1b4e28ba-2fa1-41d2-883f-0016d3cca427.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": {
                    /** @description The password. */
                    password: string;
                    /** @description Token from the mail; it counts once. */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordBehaviour: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What visitors did, of one or many sessions. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events": [
                 *         {
                 *           "type": "ProductViewed",
                 *           "eventId": "view-0001",
                 *           "sessionId": "session-4711",
                 *           "at": "2026-03-01T12:00:00Z",
                 *           "sku": "DEMO-MUG"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    events: ({
                        /**
                         * Format: date-time
                         * @description When it happened: not more than 24 hours ago, nor more than 5 minutes ahead.
                         */
                        at: string;
                        /** @description Id of your own, unique in the session: repeat it when you repeat the event. */
                        eventId: string;
                        /** @description Session of the visitor: made up by you, about nobody. */
                        sessionId: string;
                        /** @description Stock keeping unit; read in upper case. */
                        sku: string;
                        /** @enum {string} */
                        type: "ProductViewed";
                    } | {
                        /**
                         * Format: date-time
                         * @description When it happened: not more than 24 hours ago, nor more than 5 minutes ahead.
                         */
                        at: string;
                        /** @description Id of your own, unique in the session: repeat it when you repeat the event. */
                        eventId: string;
                        /** @description Pieces. */
                        quantity: number;
                        /** @description Session of the visitor: made up by you, about nobody. */
                        sessionId: string;
                        /** @description Stock keeping unit; read in upper case. */
                        sku: string;
                        /** @enum {string} */
                        type: "ProductAddedToCart";
                    } | {
                        /**
                         * Format: date-time
                         * @description When it happened: not more than 24 hours ago, nor more than 5 minutes ahead.
                         */
                        at: string;
                        /** @description Id of your own, unique in the session: repeat it when you repeat the event. */
                        eventId: string;
                        /** @description The order that it led to, once there is one: it ties the session to what was bought. */
                        orderId?: string | null;
                        /** @description Session of the visitor: made up by you, about nobody. */
                        sessionId: string;
                        /** @enum {string} */
                        type: "CheckoutStarted";
                    })[];
                };
            };
        };
        responses: {
            /** @description What became of the events. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Events that are in the log. */
                        accepted: number;
                        /** @description Events that will never be taken, one entry each: do not send them again as they are. */
                        refused: {
                            /** @description JSON pointer into the body. */
                            field: string;
                            /** @description Place of the event in the request, from 0. */
                            index: number;
                            message: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCategories: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The categories at the top, by name, each with what is below it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["def-0"][];
                    };
                };
            };
            /** @description As the reader has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCategory: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A category that is new. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "categoryId": "kitchen",
                 *       "name": "Kitchen"
                 *     }
                 */
                "application/json": {
                    /** @description Id of a category: lower case letters, digits and dashes. */
                    categoryId: string;
                    /** @description Name for people. */
                    name: string;
                    parentId?: string | null;
                };
            };
        };
        responses: {
            /** @description A category with what is below it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["def-0"];
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        categoryId: string;
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the category can be read, once the change is visible. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCategory: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Id of a category: lower case letters, digits and dashes. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A category with what is below it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["def-0"];
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCategory: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Id of a category: lower case letters, digits and dashes. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A category with what is below it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["def-0"];
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        categoryId: string;
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the category can be read, once the change is visible. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renameCategory: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Id of a category: lower case letters, digits and dashes. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Another name. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Kitchen and table"
                 *     }
                 */
                "application/json": {
                    /** @description Name for people. */
                    name: string;
                };
            };
        };
        responses: {
            /** @description A category with what is below it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["def-0"];
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        categoryId: string;
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the category can be read, once the change is visible. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    moveCategory: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Id of a category: lower case letters, digits and dashes. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Another place; null = at the top. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "parentId": "home"
                 *     }
                 */
                "application/json": {
                    parentId: string | null;
                };
            };
        };
        responses: {
            /** @description A category with what is below it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["def-0"];
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        categoryId: string;
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the category can be read, once the change is visible. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assignExperiments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Whose variants of which experiments. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sessionId": "session-4711",
                 *       "experiments": [
                 *         "checkout-button"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What rules of the experiments may look at, as the client says. No personal data. */
                    attributes?: {
                        [key: string]: string | number | boolean;
                    };
                    /** @description Names of the experiments. */
                    experiments: string[];
                    /** @description Session of the visitor, the same as in its behaviour. */
                    sessionId: string;
                };
            };
        };
        responses: {
            /** @description A variant for each experiment, in the order in which they were asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description FLAG_NOT_FOUND where there is no such experiment. */
                            errorCode: string | null;
                            experiment: string;
                            /** @description SPLIT by lot, TARGETING_MATCH by a rule, DEFAULT or STATIC for whoever takes no part, DISABLED, ERROR. */
                            reason: string;
                            /** @description Value of the variant; null without one. */
                            value: unknown;
                            /** @description Null = none: fall back to what you do without the experiment. */
                            variant: string | null;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assignMyExperiments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Which experiments. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "experiments": [
                 *         "checkout-button"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What rules of the experiments may look at, as the client says. No personal data. */
                    attributes?: {
                        [key: string]: string | number | boolean;
                    };
                    /** @description Names of the experiments. */
                    experiments: string[];
                };
            };
        };
        responses: {
            /** @description A variant for each experiment, in the order in which they were asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description FLAG_NOT_FOUND where there is no such experiment. */
                            errorCode: string | null;
                            experiment: string;
                            /** @description SPLIT by lot, TARGETING_MATCH by a rule, DEFAULT or STATIC for whoever takes no part, DISABLED, ERROR. */
                            reason: string;
                            /** @description Value of the variant; null without one. */
                            value: unknown;
                            /** @description Null = none: fall back to what you do without the experiment. */
                            variant: string | null;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStock: {
        parameters: {
            query?: {
                /** @description Last SKU of the page before. */
                after?: string;
                /** @description SKUs on a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description On hand and not reserved. Pieces. */
                            available: number;
                            /** @description On hand, the reserved part included. Pieces. */
                            onHand: number;
                            /** @description At or below this the stock is low. Pieces. */
                            reorderLevel: number;
                            /** @description Held by orders that are not shipped yet. Pieces. */
                            reserved: number;
                            sku: string;
                        }[];
                        /** @description Value of `after` for the next page; null on the last. */
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerSku: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A SKU that is new. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sku": "DEMO-MUG",
                 *       "openingStock": 100,
                 *       "reorderLevel": 10
                 *     }
                 */
                "application/json": {
                    /** @description Stock at the beginning. Pieces. */
                    openingStock: number;
                    /** @description At or below this the stock is low. Pieces. */
                    reorderLevel: number;
                    /** @description Stock keeping unit; read in upper case. */
                    sku: string;
                };
            };
        };
        responses: {
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the stock can be read. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStock: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stock of one SKU. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description On hand and not reserved. Pieces. */
                        available: number;
                        /** @description On hand, the reserved part included. Pieces. */
                        onHand: number;
                        /** @description At or below this the stock is low. Pieces. */
                        reorderLevel: number;
                        /** @description Held by orders that are not shipped yet. Pieces. */
                        reserved: number;
                        sku: string;
                        /** @description Changes of the stock, counted from 1; also in the ETag. */
                        version: number;
                        /** @description Asked for by orders that wait for stock: they come before new ones. Pieces. */
                        waiting: number;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    adjustStock: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag of the stock that the correction is about. */
                "if-match": string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        /** @description A correction of the stock by hand. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "delta": -1,
                 *       "reason": "broken in the warehouse"
                 *     }
                 */
                "application/json": {
                    /** @description Pieces found (above 0) or written off (below 0). */
                    delta: number;
                    /** @description Why, in words for people. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the stock can be read. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    holdStock: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description wait=N: answer when it is decided, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        /** @description A reservation by hand. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 12,
                 *       "expiresInS": 86400,
                 *       "reference": "photo shoot"
                 *     }
                 */
                "application/json": {
                    /** @description How long they are held unless they are released before, seconds. */
                    expiresInS: number;
                    /** @description Pieces to hold, all or none. */
                    quantity: number;
                    /** @description What they are held for, in words for people; never personal data. */
                    reference: string;
                };
            };
        };
        responses: {
            /** @description A reservation by hand. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        endedAt: string | null;
                        expiresAt: string | null;
                        /** @description Asked for; they are held while the status is reserved. Pieces. */
                        quantity: number;
                        /** @description What they are held for, in words for people; never personal data. */
                        reference: string;
                        /** @description Id of the reservation: a UUID in lower case. */
                        reservationId: string;
                        sku: string;
                        /**
                         * @description Where it stands.
                         * @enum {unknown}
                         */
                        status: "reserved" | "confirmed" | "released" | "unconfirmed" | "expired" | "rejected" | "fence" | "waiting";
                    };
                };
            };
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the reservation can be read. */
                        location: string;
                        /** @description Id of the reservation: a UUID in lower case. */
                        reservationId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHold: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Id of the reservation: a UUID in lower case. */
                id: string;
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A reservation by hand. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        endedAt: string | null;
                        expiresAt: string | null;
                        /** @description Asked for; they are held while the status is reserved. Pieces. */
                        quantity: number;
                        /** @description What they are held for, in words for people; never personal data. */
                        reference: string;
                        /** @description Id of the reservation: a UUID in lower case. */
                        reservationId: string;
                        sku: string;
                        /**
                         * @description Where it stands.
                         * @enum {unknown}
                         */
                        status: "reserved" | "confirmed" | "released" | "unconfirmed" | "expired" | "rejected" | "fence" | "waiting";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseHold: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description wait=N: answer when it is decided, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Id of the reservation: a UUID in lower case. */
                id: string;
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A reservation by hand. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        endedAt: string | null;
                        expiresAt: string | null;
                        /** @description Asked for; they are held while the status is reserved. Pieces. */
                        quantity: number;
                        /** @description What they are held for, in words for people; never personal data. */
                        reference: string;
                        /** @description Id of the reservation: a UUID in lower case. */
                        reservationId: string;
                        sku: string;
                        /**
                         * @description Where it stands.
                         * @enum {unknown}
                         */
                        status: "reserved" | "confirmed" | "released" | "unconfirmed" | "expired" | "rejected" | "fence" | "waiting";
                    };
                };
            };
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the reservation can be read. */
                        location: string;
                        /** @description Id of the reservation: a UUID in lower case. */
                        reservationId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restock: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        /** @description A delivery. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 48
                 *     }
                 */
                "application/json": {
                    /** @description Pieces that came in. */
                    quantity: number;
                };
            };
        };
        responses: {
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the stock can be read. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLowStock: {
        parameters: {
            query?: {
                /** @description Last SKU of the page before. */
                after?: string;
                /** @description SKUs on a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description On hand and not reserved. Pieces. */
                            available: number;
                            /** @description At or below this the stock is low. Pieces. */
                            reorderLevel: number;
                            sku: string;
                        }[];
                        /** @description Value of `after` for the next page; null on the last. */
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReservations: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description Reservations on a page. */
                limit?: number;
                /** @description Id of the order: a UUID in lower case. */
                order?: string;
                /** @description Stock keeping unit; read in upper case. */
                sku?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            orderId: string;
                            /** @description Reserved and not taken off the stock yet. Pieces. */
                            quantity: number;
                            /**
                             * Format: date-time
                             * @description When they were reserved.
                             */
                            since: string;
                            sku: string;
                        }[];
                        /** @description Value of `after` for the next page; null on the last. */
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrialBalance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trial balance of the ledger. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By currency code; empty when nothing was booked. */
                        currencies: {
                            /** @description Every account that was booked to, by name. */
                            accounts: {
                                /**
                                 * @description Account of the ledger.
                                 * @enum {unknown}
                                 */
                                account: "holds" | "holds-contra" | "cash" | "receivables" | "customer-credit" | "revenue" | "returns" | "adjustments" | "fees";
                                /** @description Debits less credits. Decimal text with four places. */
                                balance: string;
                                /**
                                 * @description Where the account stands.
                                 * @enum {unknown}
                                 */
                                class: "asset" | "liability" | "income" | "expense" | "memo";
                                /** @description Everything credited. Decimal text with four places. */
                                credits: string;
                                /** @description Everything debited. Decimal text with four places. */
                                debits: string;
                            }[];
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            /** @description All balances together: 0.0000, or the books are wrong. Decimal text with four places. */
                            difference: string;
                            /** @description What was earned: revenue less what was given back of it, with adjustments and without fees. Decimal text with four places. */
                            net: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMyNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest 50 of what I was told, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            deliveries: {
                                /**
                                 * Format: date-time
                                 * @description When it came to where it stands.
                                 */
                                at: string;
                                /**
                                 * @description How a reader is reached.
                                 * @enum {unknown}
                                 */
                                channel: "email" | "sms" | "push" | "inApp";
                                code: string | null;
                                /** @description True when an answer was lost. */
                                mayBeTwice: boolean;
                                /**
                                 * @description Where it stands.
                                 * @enum {unknown}
                                 */
                                status: "failed" | "scheduled" | "held" | "calling" | "sent" | "delivered" | "bounced" | "cancelled";
                                /** @description Calls that were made. */
                                tries: number;
                            }[];
                            /** @description True when its reader has seen his inbox since. */
                            isRead: boolean;
                            /**
                             * @description What it is about.
                             * @enum {unknown}
                             */
                            kind: "message" | "order" | "account" | "stock";
                            notificationId: string;
                            orderId: string | null;
                            /**
                             * Format: date-time
                             * @description When it was asked for.
                             */
                            requestedAt: string;
                            subject: string | null;
                            template: string;
                            text: string | null;
                        }[];
                        /** @description How many of them were not seen. */
                        unread: number;
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendNotification: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description Something to tell a reader. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "userId": "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                 *       "template": "message",
                 *       "variables": {
                 *         "subject": "Your parcel",
                 *         "body": "It waits for you at the counter."
                 *       }
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How a reader is reached.
                     * @enum {unknown}
                     */
                    channel?: "email" | "sms" | "push" | "inApp";
                    /** @description Tells the reader the same thing once, whoever sends it and however often. */
                    dedupeKey?: string;
                    /** @description Language, BCP 47: language, script, region and a variant. */
                    locale?: string;
                    /**
                     * Format: date-time
                     * @description When it is to be delivered: within 14 days.
                     */
                    notBefore?: string;
                    /**
                     * @description Name of the template.
                     * @enum {unknown}
                     */
                    template: "order-created" | "payment-completed" | "payment-failed" | "action-required" | "order-backordered" | "order-partially-shipped" | "order-shipped" | "order-lines-cancelled" | "order-delivered" | "refund-issued" | "order-cancelled" | "low-stock" | "message";
                    /** @description Does not wait for the morning, nor for a digest. */
                    urgent?: boolean;
                    /** @description Account of the reader. */
                    userId: string;
                    /** @description Values for the template, by name. What is written by hand is encrypted before it is written anywhere. */
                    variables?: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the notification can be read. */
                        location: string;
                        notificationId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the notification: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A notification and what became of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveries: {
                            /**
                             * Format: date-time
                             * @description When it came to where it stands.
                             */
                            at: string;
                            /**
                             * @description How a reader is reached.
                             * @enum {unknown}
                             */
                            channel: "email" | "sms" | "push" | "inApp";
                            code: string | null;
                            /** @description True when an answer was lost. */
                            mayBeTwice: boolean;
                            /**
                             * @description Where it stands.
                             * @enum {unknown}
                             */
                            status: "failed" | "scheduled" | "held" | "calling" | "sent" | "delivered" | "bounced" | "cancelled";
                            /** @description Calls that were made. */
                            tries: number;
                        }[];
                        /** @description True when its reader has seen his inbox since. */
                        isRead: boolean;
                        /**
                         * @description What it is about.
                         * @enum {unknown}
                         */
                        kind: "message" | "order" | "account" | "stock";
                        notificationId: string;
                        orderId: string | null;
                        /**
                         * Format: date-time
                         * @description When it was asked for.
                         */
                        requestedAt: string;
                        subject: string | null;
                        template: string;
                        text: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the notification: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMyPreferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Subscriptions that are kept. */
                        browsers: number;
                        /** @description Channels by kind, none = silence. What concerns the safety of an account comes all the same. */
                        choices: {
                            channels: ("email" | "sms" | "push" | "inApp")[];
                            /**
                             * @description What it is about.
                             * @enum {unknown}
                             */
                            kind: "message" | "order" | "account" | "stock";
                        }[];
                        hasPhone: boolean;
                        locale: string | null;
                        quietHours: {
                            /** @description When they begin. Minutes after midnight. */
                            from: number;
                            /** @description When they end. Minutes after midnight. */
                            until: number;
                        } | null;
                        /** @description Channels on which my address was refused: nothing is sent there until I change it. */
                        refused: ("email" | "sms" | "push" | "inApp")[];
                        timeZone: string | null;
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setMyPreferences: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the preferences that the change is about. */
                "if-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description How I want to be told things. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "locale": "de",
                 *       "timeZone": "Europe/Berlin",
                 *       "quietHours": {
                 *         "from": 1320,
                 *         "until": 420
                 *       },
                 *       "choices": [
                 *         {
                 *           "kind": "order",
                 *           "channels": [
                 *             "email",
                 *             "inApp"
                 *           ]
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Channels by kind, none = silence. What concerns the safety of an account comes all the same. */
                    choices: {
                        channels: ("email" | "sms" | "push" | "inApp")[];
                        /**
                         * @description What it is about.
                         * @enum {unknown}
                         */
                        kind: "message" | "order" | "account" | "stock";
                    }[];
                    locale: string | null;
                    phone?: string | null;
                    /** @description Subscriptions of my browsers; encrypted before they are written anywhere. */
                    pushSubscriptions?: {
                        /**
                         * Format: uri
                         * @description Address at the push service of the browser.
                         */
                        endpoint: string;
                        keys: {
                            auth: string;
                            p256dh: string;
                        };
                    }[];
                    quietHours: {
                        /** @description When they begin. Minutes after midnight. */
                        from: number;
                        /** @description When they end. Minutes after midnight. */
                        until: number;
                    } | null;
                    timeZone: string | null;
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    markNotificationsRead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description I have seen my inbox. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "upTo": "2026-03-02T09:30:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Everything asked for until then. Left out: now.
                     */
                    upTo?: string;
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamMyNotifications: {
        parameters: {
            query?: never;
            header?: {
                /** @description Id of the last event that the client has. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What comes into my inbox. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /** @description The notification as GET /v1/notifications has it, as JSON; of `end` why the stream ended. */
                        data: string;
                        /** @description Type of the event, or `end`. */
                        event?: string;
                        /** @description Its place in the log, for Last-Event-ID. */
                        id?: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /**
                             * @description What it is about.
                             * @enum {unknown}
                             */
                            kind: "message" | "order" | "account" | "stock";
                            locales: ("en" | "de")[];
                            name: string;
                            variables: string[];
                        }[];
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the template. */
                name: "order-created" | "payment-completed" | "payment-failed" | "action-required" | "order-backordered" | "order-partially-shipped" | "order-shipped" | "order-lines-cancelled" | "order-delivered" | "refund-issued" | "order-cancelled" | "verify-email" | "password-reset" | "account-exists" | "password-changed" | "account-locked" | "session-reused" | "low-stock" | "webhook-disabled" | "message";
            };
            cookie?: never;
        };
        /** @description Values to fill a template with. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "variables": {
                 *         "subject": "Your parcel",
                 *         "body": "It waits for you at the counter."
                 *       },
                 *       "locale": "en"
                 *     }
                 */
                "application/json": {
                    /** @description Language, BCP 47: language, script, region and a variant. */
                    locale?: string;
                    timeZone?: string;
                    /** @description Values for the template, by name. What is written by hand is encrypted before it is written anywhere. */
                    variables: {
                        [key: string]: string;
                    };
                };
            };
        };
        responses: {
            /** @description The template in words. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        html: string;
                        short: string;
                        subject: string;
                        text: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description Orders of this customer. Those of others need orders:read-all. */
                customer?: string;
                /** @description Orders placed at this moment or later. */
                from?: string;
                /** @description Orders on a page. */
                limit?: number;
                /** @description Orders in this state. */
                state?: "Pending" | "InventoryReserved" | "OnRiskReview" | "PaymentAuthorized" | "Confirmed" | "PartiallyShipped" | "Shipped" | "Delivered" | "ReturnRequested" | "PartiallyReturned" | "Returned" | "ActionRequired" | "BackOrdered" | "Compensating" | "Cancelled" | "Failed" | "TimedOut" | "Rejected";
                /** @description Orders placed before this moment. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {unknown} */
                            channel: "storefront" | "api" | "import" | "backoffice";
                            clientReference: string | null;
                            currency: string;
                            customerId: string | null;
                            /** @description Number of lines. */
                            lines: number;
                            orderId: string;
                            outcome: ("Fulfilled" | "Cancelled" | "Failed" | "TimedOut" | "Rejected") | null;
                            /**
                             * Format: date-time
                             * @description When the order was placed.
                             */
                            placedAt: string;
                            /** @enum {unknown} */
                            state: "Pending" | "InventoryReserved" | "OnRiskReview" | "PaymentAuthorized" | "Confirmed" | "PartiallyShipped" | "Shipped" | "Delivered" | "ReturnRequested" | "PartiallyReturned" | "Returned" | "ActionRequired" | "BackOrdered" | "Compensating" | "Cancelled" | "Failed" | "TimedOut" | "Rejected";
                            /** @description Sum of the lines. Decimal text with four places, in the currency of the order. */
                            total: string;
                            /**
                             * Format: date-time
                             * @description When the order changed last.
                             */
                            updatedAt: string;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each order: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description wait=N: answer when the order is confirmed, needs an action or has ended, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description An order to be placed: of a customer, or of a guest. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currency": "GBP",
                 *       "lines": [
                 *         {
                 *           "sku": "DEMO-MUG",
                 *           "quantity": 2
                 *         }
                 *       ],
                 *       "shippingAddress": {
                 *         "name": "Ada Lovelace",
                 *         "line1": "12 St James Square",
                 *         "city": "London",
                 *         "postalCode": "SW1Y 4JH",
                 *         "country": "GB"
                 *       },
                 *       "payment": {
                 *         "method": "card",
                 *         "token": "tok_ok"
                 *       },
                 *       "deliverySpeed": "standard",
                 *       "onShortage": "reject",
                 *       "onDecline": "cancel",
                 *       "clientReference": "basket-4711"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Where the order comes from; import and backoffice need the permission orders:price-override.
                     * @default api
                     * @enum {unknown}
                     */
                    channel?: "storefront" | "api" | "import" | "backoffice";
                    /** @description Reference of yours, returned as it came. */
                    clientReference?: string;
                    /** @description ISO 4217 code, three capital letters. */
                    currency: string;
                    /** @description Customer the order is for. A customer can name nobody else; a service account may leave it out for a guest. */
                    customerId?: string;
                    /**
                     * @description Delivery promise.
                     * @default standard
                     * @enum {unknown}
                     */
                    deliverySpeed?: "standard" | "express" | "overnight" | "sameDay";
                    /** @description E-mail address of a guest; encrypted before it is written anywhere. */
                    guestEmail?: string;
                    /** @description Lines; they are numbered from 1 in this order. */
                    lines: {
                        /** @description Pieces. */
                        quantity: number;
                        /** @description Price of one piece, decimal text. Counts only with the permission orders:price-override; else it is ignored and the order says so. */
                        quotedUnitPrice?: string;
                        /** @description Stock keeping unit; read in upper case. */
                        sku: string;
                    }[];
                    /**
                     * @description What to do when the payment is declined; the channel has a default.
                     * @enum {unknown}
                     */
                    onDecline?: "cancel" | "retry";
                    /**
                     * @description What to do when stock is short; the channel has a default.
                     * @enum {unknown}
                     */
                    onShortage?: "reject" | "amend" | "backorder";
                    payment: {
                        /**
                         * @description Kind of payment instrument.
                         * @enum {unknown}
                         */
                        method: "card" | "paypal" | "bankTransfer" | "invoice";
                        /** @description Token of the payment provider. Never a card number. */
                        token: string;
                    };
                    /** @description Encrypted before it is written anywhere. */
                    shippingAddress: {
                        /** @description City. */
                        city: string;
                        /** @description ISO 3166-1 code, two capital letters. */
                        country: string;
                        /** @description Street and number. */
                        line1: string;
                        /** @description Second line of the address. */
                        line2?: string;
                        /** @description Name of the recipient. */
                        name: string;
                        /** @description Phone number. */
                        phone?: string;
                        /** @description Postal code. */
                        postalCode?: string;
                    };
                };
            };
        };
        responses: {
            /** @description An order. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actionReason: ("shortStock" | "paymentDeclined") | null;
                        /** @description Money ever held. Decimal text with four places. */
                        authorised: string;
                        /** @description Money ever taken. Decimal text with four places. */
                        captured: string;
                        carrier: string | null;
                        /** @enum {unknown} */
                        channel: "storefront" | "api" | "import" | "backoffice";
                        clientReference: string | null;
                        confirmedAt: string | null;
                        currency: string;
                        customerId: string | null;
                        deadline: string | null;
                        deliveredAt: string | null;
                        lines: {
                            /** @description Pieces that will not be delivered. */
                            cancelled: number;
                            /** @description Pieces that were delivered with the order. */
                            delivered: number;
                            lineNo: number;
                            /** @description Price of the line. Decimal text with four places. */
                            lineTotal: string;
                            /**
                             * @description Who set the price.
                             * @enum {unknown}
                             */
                            priceSource: "catalog" | "quoted";
                            /** @description Pieces. */
                            quantity: number;
                            /** @description Pieces that were given back. */
                            returned: number;
                            /** @description Pieces that have left and did not come back undelivered. */
                            shipped: number;
                            sku: string;
                            /** @description Price of one piece. Decimal text with four places. */
                            unitPrice: string;
                        }[];
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        outcome: ("Fulfilled" | "Cancelled" | "Failed" | "TimedOut" | "Rejected") | null;
                        outcomeCause: ("shortStock" | "paymentDeclined" | "customer" | "technical" | "stepTimeout" | "sagaTimeout" | "riskRejected" | "actionTimeout" | "backOrderTimeout" | "reviewTimeout" | "undeliverable") | null;
                        /** @description Parcels of the order. */
                        parcels: {
                            /** @description Attempts to deliver it that failed. */
                            attempts: number;
                            carrier: string;
                            deliveredAt: string | null;
                            /** @description True once the promise was not kept. */
                            isLate: boolean;
                            lines: {
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                            }[];
                            location: string | null;
                            promisedBy: string | null;
                            shipmentId: string;
                            /** @description Number of the parcel in the order. */
                            shipmentNo: number;
                            /**
                             * @description Where it is.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            trackingNumber: string;
                        }[];
                        paymentId: string | null;
                        /**
                         * Format: date-time
                         * @description When the order was placed.
                         */
                        placedAt: string;
                        reason: string | null;
                        /** @description Money given back after it was taken. Decimal text with four places. */
                        refunded: string;
                        shipmentId: string | null;
                        /** @description What is short while the order waits for its customer or for stock. */
                        shortages: {
                            /** @description Pieces that were free. */
                            available: number;
                            /** @description Pieces asked for. */
                            requested: number;
                            sku: string;
                        }[];
                        /** @enum {unknown} */
                        state: "Pending" | "InventoryReserved" | "OnRiskReview" | "PaymentAuthorized" | "Confirmed" | "PartiallyShipped" | "Shipped" | "Delivered" | "ReturnRequested" | "PartiallyReturned" | "Returned" | "ActionRequired" | "BackOrdered" | "Compensating" | "Cancelled" | "Failed" | "TimedOut" | "Rejected";
                        /** @description Sum of the lines. Decimal text with four places. */
                        total: string;
                        trackingNumber: string | null;
                        /**
                         * Format: date-time
                         * @description When the order changed last.
                         */
                        updatedAt: string;
                        /** @description Number of events of the order. */
                        version: number;
                        /** @description Money set free before it was taken. Decimal text with four places. */
                        voided: string;
                    };
                };
            };
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: {
                /** @description Parts to come along, with commas between them: payments, shipments. Payments need the permission payments:read. */
                include?: string;
                /** @description Position token from the Location of an accepted order: waits up to a second until it is processed. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        actionReason: ("shortStock" | "paymentDeclined") | null;
                        /** @description Money ever held. Decimal text with four places. */
                        authorised: string;
                        /** @description Money ever taken. Decimal text with four places. */
                        captured: string;
                        carrier: string | null;
                        /** @enum {unknown} */
                        channel: "storefront" | "api" | "import" | "backoffice";
                        clientReference: string | null;
                        confirmedAt: string | null;
                        currency: string;
                        customerId: string | null;
                        deadline: string | null;
                        deliveredAt: string | null;
                        lines: {
                            /** @description Pieces that will not be delivered. */
                            cancelled: number;
                            /** @description Pieces that were delivered with the order. */
                            delivered: number;
                            lineNo: number;
                            /** @description Price of the line. Decimal text with four places. */
                            lineTotal: string;
                            /**
                             * @description Who set the price.
                             * @enum {unknown}
                             */
                            priceSource: "catalog" | "quoted";
                            /** @description Pieces. */
                            quantity: number;
                            /** @description Pieces that were given back. */
                            returned: number;
                            /** @description Pieces that have left and did not come back undelivered. */
                            shipped: number;
                            sku: string;
                            /** @description Price of one piece. Decimal text with four places. */
                            unitPrice: string;
                        }[];
                        /** @description Parts that were asked for and could not be read in time; ask again. */
                        missing?: ("payments" | "shipments")[];
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        outcome: ("Fulfilled" | "Cancelled" | "Failed" | "TimedOut" | "Rejected") | null;
                        outcomeCause: ("shortStock" | "paymentDeclined" | "customer" | "technical" | "stepTimeout" | "sagaTimeout" | "riskRejected" | "actionTimeout" | "backOrderTimeout" | "reviewTimeout" | "undeliverable") | null;
                        /** @description Parcels of the order. */
                        parcels: {
                            /** @description Attempts to deliver it that failed. */
                            attempts: number;
                            carrier: string;
                            deliveredAt: string | null;
                            /** @description True once the promise was not kept. */
                            isLate: boolean;
                            lines: {
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                            }[];
                            location: string | null;
                            promisedBy: string | null;
                            shipmentId: string;
                            /** @description Number of the parcel in the order. */
                            shipmentNo: number;
                            /**
                             * @description Where it is.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            trackingNumber: string;
                        }[];
                        paymentId: string | null;
                        payments?: {
                            /** @description Amount asked for. Decimal text with four places, in the currency of the payment. */
                            amount: string;
                            /** @description Attempt of the order, counted from 1. */
                            attempt: number;
                            /** @description Money that was held. Decimal text with four places, in the currency of the payment. */
                            authorised: string;
                            /** @description Money taken. Decimal text with four places, in the currency of the payment. */
                            captured: string;
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            failure: string | null;
                            /** @enum {unknown} */
                            method: "card" | "paypal" | "bankTransfer" | "invoice";
                            orderId: string;
                            paymentId: string;
                            /** @description Money given back after it was taken. Decimal text with four places, in the currency of the payment. */
                            refunded: string;
                            /** @description Every refund asked for, in order. */
                            refunds: {
                                /** @description Why it was asked for. */
                                reason: string;
                                /** @description Amount given back. Decimal text with four places, in the currency of the payment. */
                                refunded: string;
                                /** @description Id of the refund. */
                                refundId: string;
                                refusal: string | null;
                                requested: string | null;
                                /**
                                 * @description How it stands; a failing one is tried again until it is done.
                                 * @enum {unknown}
                                 */
                                status: "pending" | "failing" | "done" | "refused";
                            }[];
                            /** @enum {unknown} */
                            status: "none" | "authorising" | "authorised" | "capturing" | "captured" | "voiding" | "voided" | "refunding" | "partiallyRefunded" | "refunded" | "failed" | "fenced";
                            /** @description Money set free before it was taken. Decimal text with four places, in the currency of the payment. */
                            voided: string;
                        }[];
                        /**
                         * Format: date-time
                         * @description When the order was placed.
                         */
                        placedAt: string;
                        reason: string | null;
                        /** @description Money given back after it was taken. Decimal text with four places. */
                        refunded: string;
                        shipmentId: string | null;
                        shipments?: {
                            carrier: string;
                            /**
                             * Format: date-time
                             * @description When it was created.
                             */
                            createdAt: string;
                            /** @description True when the promise was missed. */
                            delayed: boolean;
                            /** @enum {unknown} */
                            deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                            /** @description Times it was brought to the door in vain. */
                            failedAttempts: number;
                            /** @description What was told of it, oldest first; the newest twenty. */
                            history: {
                                /**
                                 * Format: date-time
                                 * @description When it was seen.
                                 */
                                at: string;
                                location: string | null;
                                note: string | null;
                                /**
                                 * @description Stage on its way.
                                 * @enum {unknown}
                                 */
                                stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            }[];
                            lines: {
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                                sku: string;
                            }[];
                            orderId: string;
                            promisedBy: string | null;
                            service: string;
                            shipmentId: string;
                            /** @description Number in its order, counted from 1. */
                            shipmentNo: number;
                            /**
                             * @description Stage on its way.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            trackingNumber: string;
                        }[];
                        /** @description What is short while the order waits for its customer or for stock. */
                        shortages: {
                            /** @description Pieces that were free. */
                            available: number;
                            /** @description Pieces asked for. */
                            requested: number;
                            sku: string;
                        }[];
                        /** @enum {unknown} */
                        state: "Pending" | "InventoryReserved" | "OnRiskReview" | "PaymentAuthorized" | "Confirmed" | "PartiallyShipped" | "Shipped" | "Delivered" | "ReturnRequested" | "PartiallyReturned" | "Returned" | "ActionRequired" | "BackOrdered" | "Compensating" | "Cancelled" | "Failed" | "TimedOut" | "Rejected";
                        /** @description Sum of the lines. Decimal text with four places. */
                        total: string;
                        trackingNumber: string | null;
                        /**
                         * Format: date-time
                         * @description When the order changed last.
                         */
                        updatedAt: string;
                        /** @description Number of events of the order. */
                        version: number;
                        /** @description Money set free before it was taken. Decimal text with four places. */
                        voided: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eraseOrder: {
        parameters: {
            query?: {
                /** @description Why, in words for people; no personal data. */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description Id of the order. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request is in the log. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the data key that is destroyed. */
                        keyId: string;
                        /** @description Where it is told how far it is. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                        /** @description The customer, or the order of the guest. */
                        subject: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    amendOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description An amendment of an order that is short of stock. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "lineNo": 1,
                 *           "quantity": 1
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Lines that change; the others stay as they are. */
                    lines: {
                        /** @description Number of the line. */
                        lineNo: number;
                        /** @description Pieces that are kept, fewer than before; 0 drops the line. */
                        quantity: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A cancellation. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "found it cheaper"
                 *     }
                 */
                "application/json": {
                    /** @description Why, in words for people; no personal data. */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrderEvents: {
        parameters: {
            query?: {
                /** @description Id of the last event of the page before. */
                after?: string;
                /** @description Events on a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description The event without metadata and personal data; amounts are decimal text. */
                            data: {
                                [key: string]: unknown;
                            };
                            eventId: string;
                            /** @description Place of the event in the log: partition-offset. */
                            id: string;
                            /**
                             * Format: date-time
                             * @description When the fact became true.
                             */
                            occurredAt: string;
                            /** @description Name of the event. */
                            type: string;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrderPayments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Amount asked for. Decimal text with four places, in the currency of the payment. */
                            amount: string;
                            /** @description Attempt of the order, counted from 1. */
                            attempt: number;
                            /** @description Money that was held. Decimal text with four places, in the currency of the payment. */
                            authorised: string;
                            /** @description Money taken. Decimal text with four places, in the currency of the payment. */
                            captured: string;
                            /** @description ISO 4217 code of every amount. */
                            currency: string;
                            failure: string | null;
                            /** @enum {unknown} */
                            method: "card" | "paypal" | "bankTransfer" | "invoice";
                            orderId: string;
                            paymentId: string;
                            /** @description Money given back after it was taken. Decimal text with four places, in the currency of the payment. */
                            refunded: string;
                            /** @description Every refund asked for, in order. */
                            refunds: {
                                /** @description Why it was asked for. */
                                reason: string;
                                /** @description Amount given back. Decimal text with four places, in the currency of the payment. */
                                refunded: string;
                                /** @description Id of the refund. */
                                refundId: string;
                                refusal: string | null;
                                requested: string | null;
                                /**
                                 * @description How it stands; a failing one is tried again until it is done.
                                 * @enum {unknown}
                                 */
                                status: "pending" | "failing" | "done" | "refused";
                            }[];
                            /** @enum {unknown} */
                            status: "none" | "authorising" | "authorised" | "capturing" | "captured" | "voiding" | "voided" | "refunding" | "partiallyRefunded" | "refunded" | "failed" | "fenced";
                            /** @description Money set free before it was taken. Decimal text with four places, in the currency of the payment. */
                            voided: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryPayment: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description How to pay now; nothing = as before. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "payment": {
                 *         "method": "card",
                 *         "token": "tok_ok"
                 *       }
                 *     }
                 */
                "application/json": {
                    payment?: {
                        /**
                         * @description Kind of payment instrument.
                         * @enum {unknown}
                         */
                        method: "card" | "paypal" | "bankTransfer" | "invoice";
                        /** @description Token of the payment provider. Never a card number. */
                        token: string;
                    };
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReturns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description What the pieces cost. Decimal text with four places. */
                            amount: string;
                            answer: string | null;
                            expectedBy: string | null;
                            /** @description What is to come back; once it is received, what came. */
                            lines: {
                                /** @description What they cost. Decimal text with four places. */
                                amount: string;
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                                sku: string;
                            }[];
                            reason: string;
                            /** @description What was given back. Decimal text with four places. */
                            refunded: string;
                            /**
                             * Format: date-time
                             * @description When it was asked for.
                             */
                            requestedAt: string;
                            /** @description Id of the return: a UUID in lower case. */
                            returnId: string;
                            /** @enum {unknown} */
                            status: "requested" | "approved" | "declined" | "received" | "refunded" | "expired";
                            /**
                             * Format: date-time
                             * @description When it changed last.
                             */
                            updatedAt: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestReturn: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A return. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "lineNo": 1,
                 *           "quantity": 1
                 *         }
                 *       ],
                 *       "reason": "the handle is broken"
                 *     }
                 */
                "application/json": {
                    /** @description What is to come back. */
                    lines: {
                        /** @description Number of the line in the order. */
                        lineNo: number;
                        /** @description Pieces of it. */
                        quantity: number;
                    }[];
                    /** @description Why, in words for people; no personal data. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The request is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @description Id of the return: a UUID in lower case. */
                        returnId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answerReturn: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
                /** @description Id of the return: a UUID in lower case. */
                returnId: string;
            };
            cookie?: never;
        };
        /** @description The answer to a return. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "approved": true,
                 *       "reason": "within the warranty"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description False declines the return.
                     * @default true
                     */
                    approved?: boolean;
                    /** @description Why, in words for people; no personal data. */
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveReturn: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
                /** @description Id of the return: a UUID in lower case. */
                returnId: string;
            };
            cookie?: never;
        };
        /** @description Goods that came back. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "lineNo": 1,
                 *           "quantity": 1
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What arrived; left out = all that was announced. */
                    lines?: {
                        /** @description Number of the line in the order. */
                        lineNo: number;
                        /** @description Pieces of it. */
                        quantity: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviewOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The decision on an order that is on risk review. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "approved": true,
                 *       "reason": "known for years"
                 *     }
                 */
                "application/json": {
                    /** @description true: the order goes on to its payment. false: it is cancelled. */
                    approved: boolean;
                    /** @description Why, in words for people; no personal data. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shipOrder: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A parcel. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "lines": [
                 *         {
                 *           "lineNo": 1,
                 *           "quantity": 2
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What leaves; left out = everything that has not left yet. */
                    lines?: {
                        /** @description Number of the line in the order. */
                        lineNo: number;
                        /** @description Pieces of it. */
                        quantity: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The order is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrderShipments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            carrier: string;
                            /**
                             * Format: date-time
                             * @description When it was created.
                             */
                            createdAt: string;
                            /** @description True when the promise was missed. */
                            delayed: boolean;
                            /** @enum {unknown} */
                            deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                            /** @description Times it was brought to the door in vain. */
                            failedAttempts: number;
                            /** @description What was told of it, oldest first; the newest twenty. */
                            history: {
                                /**
                                 * Format: date-time
                                 * @description When it was seen.
                                 */
                                at: string;
                                location: string | null;
                                note: string | null;
                                /**
                                 * @description Stage on its way.
                                 * @enum {unknown}
                                 */
                                stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            }[];
                            lines: {
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                                sku: string;
                            }[];
                            orderId: string;
                            promisedBy: string | null;
                            service: string;
                            shipmentId: string;
                            /** @description Number in its order, counted from 1. */
                            shipmentNo: number;
                            /**
                             * @description Stage on its way.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            trackingNumber: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamOrder: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted order: waits up to a second until it is processed. */
                position?: string;
            };
            header?: {
                /** @description Id of the last event that the client has. */
                "last-event-id"?: string;
            };
            path: {
                /** @description Id of the order: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /** @description The event as /events has it, as JSON; of `end` why the stream ended. */
                        data: string;
                        /** @description Type of the event, or `end`. */
                        event?: string;
                        /** @description Its place in the log, for Last-Event-ID. */
                        id?: string;
                    };
                };
            };
            /** @description The stream had come to its end: nothing can follow. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    placeOrders: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own for the whole of the request: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currency": "GBP",
                 *       "lines": [
                 *         {
                 *           "sku": "DEMO-MUG",
                 *           "quantity": 2
                 *         }
                 *       ],
                 *       "shippingAddress": {
                 *         "name": "Ada Lovelace",
                 *         "line1": "12 St James Square",
                 *         "city": "London",
                 *         "postalCode": "SW1Y 4JH",
                 *         "country": "GB"
                 *       },
                 *       "payment": {
                 *         "method": "card",
                 *         "token": "tok_ok"
                 *       },
                 *       "deliverySpeed": "standard",
                 *       "onShortage": "reject",
                 *       "onDecline": "cancel",
                 *       "clientReference": "basket-4711"
                 *     }
                 */
                "application/x-ndjson": {
                    /**
                     * @description Where the order comes from; import and backoffice need the permission orders:price-override.
                     * @default api
                     * @enum {unknown}
                     */
                    channel?: "storefront" | "api" | "import" | "backoffice";
                    /** @description Reference of yours, returned as it came. */
                    clientReference?: string;
                    /** @description ISO 4217 code, three capital letters. */
                    currency: string;
                    /** @description Customer the order is for. A customer can name nobody else; a service account may leave it out for a guest. */
                    customerId?: string;
                    /**
                     * @description Delivery promise.
                     * @default standard
                     * @enum {unknown}
                     */
                    deliverySpeed?: "standard" | "express" | "overnight" | "sameDay";
                    /** @description E-mail address of a guest; encrypted before it is written anywhere. */
                    guestEmail?: string;
                    /** @description Lines; they are numbered from 1 in this order. */
                    lines: {
                        /** @description Pieces. */
                        quantity: number;
                        /** @description Price of one piece, decimal text. Counts only with the permission orders:price-override; else it is ignored and the order says so. */
                        quotedUnitPrice?: string;
                        /** @description Stock keeping unit; read in upper case. */
                        sku: string;
                    }[];
                    /**
                     * @description What to do when the payment is declined; the channel has a default.
                     * @enum {unknown}
                     */
                    onDecline?: "cancel" | "retry";
                    /**
                     * @description What to do when stock is short; the channel has a default.
                     * @enum {unknown}
                     */
                    onShortage?: "reject" | "amend" | "backorder";
                    payment: {
                        /**
                         * @description Kind of payment instrument.
                         * @enum {unknown}
                         */
                        method: "card" | "paypal" | "bankTransfer" | "invoice";
                        /** @description Token of the payment provider. Never a card number. */
                        token: string;
                    };
                    /** @description Encrypted before it is written anywhere. */
                    shippingAddress: {
                        /** @description City. */
                        city: string;
                        /** @description ISO 3166-1 code, two capital letters. */
                        country: string;
                        /** @description Street and number. */
                        line1: string;
                        /** @description Second line of the address. */
                        line2?: string;
                        /** @description Name of the recipient. */
                        name: string;
                        /** @description Phone number. */
                        phone?: string;
                        /** @description Postal code. */
                        postalCode?: string;
                    };
                };
            };
        };
        responses: {
            /** @description A result for every line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": {
                        /** @description Number of the line, from 1. */
                        line: number;
                        /** @description Where the order can be read. */
                        location: string;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId: string;
                        /**
                         * @description It had been accepted before.
                         * @enum {boolean}
                         */
                        replayed?: true;
                        /**
                         * @description The order is in the log and will not be lost.
                         * @enum {string}
                         */
                        status: "accepted";
                    } | {
                        /** @description Number of the line, from 1. */
                        line: number;
                        /** @description Problem details (RFC 9457). */
                        problem: {
                            /** @description Stable name of the kind of problem: match on this. */
                            code: string;
                            /** @description What is wrong with this request. */
                            detail?: string;
                            errors?: {
                                /** @description JSON pointer into the body. */
                                field: string;
                                message: string;
                            }[];
                            /** @description HTTP status. */
                            status: number;
                            /** @description The kind of problem in words. */
                            title: string;
                            /** @description Names this request in logs and traces. */
                            traceId: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /**
                         * @description It is not an order, and nothing was written.
                         * @enum {string}
                         */
                        status: "refused";
                    } | {
                        /** @description Number of the line, from 1. */
                        line: number;
                        /** @description Id of the order: a UUID in lower case. */
                        orderId?: string;
                        /** @description Problem details (RFC 9457). */
                        problem: {
                            /** @description Stable name of the kind of problem: match on this. */
                            code: string;
                            /** @description What is wrong with this request. */
                            detail?: string;
                            errors?: {
                                /** @description JSON pointer into the body. */
                                field: string;
                                message: string;
                            }[];
                            /** @description HTTP status. */
                            status: number;
                            /** @description The kind of problem in words. */
                            title: string;
                            /** @description Names this request in logs and traces. */
                            traceId: string;
                            /** @description URN of the kind of problem. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description Seconds after which it makes sense to repeat. */
                        retryAfterS?: number;
                        /**
                         * @description It was not acknowledged: it may be in the log or not. Repeat it under the same key.
                         * @enum {string}
                         */
                        status: "unknown";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPayment: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted refund: waits up to a second until it is decided on. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Id of the payment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A payment. authorised = captured + voided + what is held; captured = kept + refunded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Amount asked for. Decimal text with four places, in the currency of the payment. */
                        amount: string;
                        /** @description Attempt of the order, counted from 1. */
                        attempt: number;
                        /** @description Money that was held. Decimal text with four places, in the currency of the payment. */
                        authorised: string;
                        /** @description Money taken. Decimal text with four places, in the currency of the payment. */
                        captured: string;
                        /** @description ISO 4217 code of every amount. */
                        currency: string;
                        failure: string | null;
                        /** @enum {unknown} */
                        method: "card" | "paypal" | "bankTransfer" | "invoice";
                        orderId: string;
                        paymentId: string;
                        /** @description Money given back after it was taken. Decimal text with four places, in the currency of the payment. */
                        refunded: string;
                        /** @description Every refund asked for, in order. */
                        refunds: {
                            /** @description Why it was asked for. */
                            reason: string;
                            /** @description Amount given back. Decimal text with four places, in the currency of the payment. */
                            refunded: string;
                            /** @description Id of the refund. */
                            refundId: string;
                            refusal: string | null;
                            requested: string | null;
                            /**
                             * @description How it stands; a failing one is tried again until it is done.
                             * @enum {unknown}
                             */
                            status: "pending" | "failing" | "done" | "refused";
                        }[];
                        /** @enum {unknown} */
                        status: "none" | "authorising" | "authorised" | "capturing" | "captured" | "voiding" | "voided" | "refunding" | "partiallyRefunded" | "refunded" | "failed" | "fenced";
                        /** @description Money set free before it was taken. Decimal text with four places, in the currency of the payment. */
                        voided: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refundPayment: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each refund: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the payment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A refund. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": "12.50",
                 *       "reason": "arrived late"
                 *     }
                 */
                "application/json": {
                    /** @description Amount to give back, decimal text. Left out: all that is left. */
                    amount?: string;
                    /** @description Why, in words for people. Never personal data. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The refund is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the payment can be read, with its refunds. */
                        location: string;
                        paymentId: string;
                        refundId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description name:value of an attribute; several are all asked for. */
                attr?: string | string[];
                /** @description How much of it can be had. */
                availability?: "unknown" | "inStock" | "low" | "out";
                /** @description Id of a category: lower case letters, digits and dashes. */
                category?: string;
                /** @description Currency of prices: needed for bounds, and to sort by price. */
                currency?: string;
                /** @description Products on a page. */
                limit?: number;
                /** @description Highest price, included. Decimal text, at most four places. */
                maxPrice?: string;
                /** @description Lowest price, included. Decimal text, at most four places. */
                minPrice?: string;
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
                /** @description Words that are all in name, SKU, description or attributes; beginnings count, and a letter may be wrong. */
                q?: string;
                /** @description Default: relevance with words, else name. -price = dearest first. */
                sort?: "relevance" | "name" | "price" | "-price";
                /** @description Only for who may write: products that stand there. Default: published. */
                status?: "draft" | "published" | "unpublished" | "archived";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many products of the whole list have which value. */
                        facets: {
                            attributes: {
                                name: string;
                                values: {
                                    count: number;
                                    value: string;
                                }[];
                            }[];
                            availability: {
                                count: number;
                                value: string;
                            }[];
                            categories: {
                                count: number;
                                value: string;
                            }[];
                            price: {
                                currency: string;
                                /** @description Highest price. Decimal text with four places. */
                                highest: string;
                                /** @description Lowest price. Decimal text with four places. */
                                lowest: string;
                            } | null;
                            /** @description Products on all pages. */
                            total: number;
                        };
                        items: {
                            attributes: {
                                name: string;
                                value: string;
                            }[];
                            /**
                             * @description How much of it can be had, roughly.
                             * @enum {unknown}
                             */
                            availability: "unknown" | "inStock" | "low" | "out";
                            categoryIds: string[];
                            description: string;
                            featured: boolean;
                            /** @description The SKU. */
                            id: string;
                            images: {
                                alt: string;
                                url: string;
                            }[];
                            name: string;
                            prices: {
                                /** @description Price of one piece. Decimal text with four places. */
                                amount: string;
                                currency: string;
                            }[];
                            sku: string;
                            /**
                             * @description Only published products are shown to who may not write.
                             * @enum {unknown}
                             */
                            status: "draft" | "published" | "unpublished" | "archived";
                            /** @description False for charges such as postage. */
                            stocked: boolean;
                            updatedAt: string | null;
                            /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                            version: number;
                            /** @description 0 = not known. */
                            volumeCm3: number;
                            weightGrams: number;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description As the reader has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A product that is new. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "sku": "MUG-RED",
                 *       "name": "Red mug",
                 *       "prices": [
                 *         {
                 *           "currency": "GBP",
                 *           "amount": "12.50"
                 *         }
                 *       ],
                 *       "status": "draft",
                 *       "weightGrams": 380,
                 *       "attributes": [
                 *         {
                 *           "name": "colour",
                 *           "value": "red"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What it can be found by, one value a name. */
                    attributes?: {
                        /** @description Name in lower case, e.g. colour. */
                        name: string;
                        /** @description Value for people, e.g. red. */
                        value: string;
                    }[];
                    /** @description Categories that it is in. */
                    categoryIds?: string[];
                    /** @description What it is, in words for people. */
                    description?: string;
                    /** @description Whether it is shown on the front page. */
                    featured?: boolean;
                    /** @description Pictures in the order in which they are shown. */
                    images?: {
                        /** @description What it shows, in words for people. */
                        alt?: string;
                        /** @description Where it lies, https. */
                        url: string;
                    }[];
                    /** @description Name for people. */
                    name: string;
                    /** @description One price a currency. */
                    prices?: {
                        /** @description Price of one piece. Decimal text, at most four places. */
                        amount: string;
                        /** @description ISO 4217 code. */
                        currency: string;
                    }[];
                    /** @description Stock keeping unit; read in upper case. */
                    sku: string;
                    /**
                     * @description Only a published product is for sale.
                     * @default draft
                     * @enum {unknown}
                     */
                    status?: "draft" | "published";
                    /**
                     * @description False for charges such as postage.
                     * @default true
                     */
                    stocked?: boolean;
                    /** @description Volume of one piece. Cubic centimetres; 0 = not known. */
                    volumeCm3?: number;
                    /** @description Weight of one piece. Grams. */
                    weightGrams?: number;
                };
            };
        };
        responses: {
            /** @description A product. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProduct: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description As the reader has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What is to change; lists are replaced whole. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "A mug of stoneware.",
                 *       "featured": true
                 *     }
                 */
                "application/json": {
                    /** @description What it can be found by, one value a name. */
                    attributes?: {
                        /** @description Name in lower case, e.g. colour. */
                        name: string;
                        /** @description Value for people, e.g. red. */
                        value: string;
                    }[];
                    /** @description Categories that it is in. */
                    categoryIds?: string[];
                    /** @description What it is, in words for people. */
                    description?: string;
                    /** @description Whether it is shown on the front page. */
                    featured?: boolean;
                    /** @description Pictures in the order in which they are shown. */
                    images?: {
                        /** @description What it shows, in words for people. */
                        alt?: string;
                        /** @description Where it lies, https. */
                        url: string;
                    }[];
                    /** @description Name for people. */
                    name?: string;
                    /** @description Volume of one piece. Cubic centimetres; 0 = not known. */
                    volumeCm3?: number;
                    /** @description Weight of one piece. Grams. */
                    weightGrams?: number;
                };
            };
        };
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    archiveProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setAttributes: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description All attributes of the product. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "attributes": [
                 *         {
                 *           "name": "colour",
                 *           "value": "red"
                 *         },
                 *         {
                 *           "name": "material",
                 *           "value": "stoneware"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What it can be found by, one value a name. */
                    attributes: {
                        /** @description Name in lower case, e.g. colour. */
                        name: string;
                        /** @description Value for people, e.g. red. */
                        value: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setImages: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description All images of the product. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "images": [
                 *         {
                 *           "url": "https://images.example.com/mug-red.jpg",
                 *           "alt": "A red mug"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Pictures in the order in which they are shown. */
                    images: {
                        /** @description What it shows, in words for people. */
                        alt?: string;
                        /** @description Where it lies, https. */
                        url: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePrice: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A price. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currency": "GBP",
                 *       "amount": "13.00"
                 *     }
                 */
                "application/json": {
                    /** @description Price of one piece from now on. Decimal text, at most four places. */
                    amount: string;
                    /** @description ISO 4217 code. */
                    currency: string;
                };
            };
        };
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPrices: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description Events of a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description Price from then on. Decimal text with four places. */
                            after: string;
                            before: string | null;
                            /**
                             * Format: date-time
                             * @description When.
                             */
                            changedAt: string;
                            currency: string;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unpublishProduct: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
                /** @description ETag that the change is about: another version is refused with 412. Stock does not count. */
                "if-match"?: string;
                /** @description wait=N: answer when the change is decided and visible, at the latest after N ≤ 30 seconds. */
                prefer?: string;
            };
            path: {
                /** @description Stock keeping unit; read in upper case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description The change is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Names the command in commerce.orders.rejections, should it be refused. */
                        commandId: string;
                        /** @description Where the product can be read, once the change is visible. */
                        location: string;
                        sku: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFeaturedProducts: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description Products on a page. */
                limit?: number;
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many products of the whole list have which value. */
                        facets: {
                            attributes: {
                                name: string;
                                values: {
                                    count: number;
                                    value: string;
                                }[];
                            }[];
                            availability: {
                                count: number;
                                value: string;
                            }[];
                            categories: {
                                count: number;
                                value: string;
                            }[];
                            price: {
                                currency: string;
                                /** @description Highest price. Decimal text with four places. */
                                highest: string;
                                /** @description Lowest price. Decimal text with four places. */
                                lowest: string;
                            } | null;
                            /** @description Products on all pages. */
                            total: number;
                        };
                        items: {
                            attributes: {
                                name: string;
                                value: string;
                            }[];
                            /**
                             * @description How much of it can be had, roughly.
                             * @enum {unknown}
                             */
                            availability: "unknown" | "inStock" | "low" | "out";
                            categoryIds: string[];
                            description: string;
                            featured: boolean;
                            /** @description The SKU. */
                            id: string;
                            images: {
                                alt: string;
                                url: string;
                            }[];
                            name: string;
                            prices: {
                                /** @description Price of one piece. Decimal text with four places. */
                                amount: string;
                                currency: string;
                            }[];
                            sku: string;
                            /**
                             * @description Only published products are shown to who may not write.
                             * @enum {unknown}
                             */
                            status: "draft" | "published" | "unpublished" | "archived";
                            /** @description False for charges such as postage. */
                            stocked: boolean;
                            updatedAt: string | null;
                            /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                            version: number;
                            /** @description 0 = not known. */
                            volumeCm3: number;
                            weightGrams: number;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description As the reader has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProductBySku: {
        parameters: {
            query?: {
                /** @description Position token from the Location of an accepted change: waits up to a second until it is visible. */
                position?: string;
            };
            header?: never;
            path: {
                /** @description Stock keeping unit; read in upper case. */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: {
                            name: string;
                            value: string;
                        }[];
                        /**
                         * @description How much of it can be had, roughly.
                         * @enum {unknown}
                         */
                        availability: "unknown" | "inStock" | "low" | "out";
                        categoryIds: string[];
                        description: string;
                        featured: boolean;
                        /** @description The SKU. */
                        id: string;
                        images: {
                            alt: string;
                            url: string;
                        }[];
                        name: string;
                        prices: {
                            /** @description Price of one piece. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        sku: string;
                        /**
                         * @description Only published products are shown to who may not write.
                         * @enum {unknown}
                         */
                        status: "draft" | "published" | "unpublished" | "archived";
                        /** @description False for charges such as postage. */
                        stocked: boolean;
                        updatedAt: string | null;
                        /** @description Changes by people, counted from 1. What If-Match is compared with: the first part of the ETag. */
                        version: number;
                        /** @description 0 = not known. */
                        volumeCm3: number;
                        weightGrams: number;
                    };
                };
            };
            /** @description As the reader has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getShipment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the shipment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A shipment and its way so far. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        carrier: string;
                        /**
                         * Format: date-time
                         * @description When it was created.
                         */
                        createdAt: string;
                        /** @description True when the promise was missed. */
                        delayed: boolean;
                        /** @enum {unknown} */
                        deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                        /** @description Times it was brought to the door in vain. */
                        failedAttempts: number;
                        /** @description What was told of it, oldest first; the newest twenty. */
                        history: {
                            /**
                             * Format: date-time
                             * @description When it was seen.
                             */
                            at: string;
                            location: string | null;
                            note: string | null;
                            /**
                             * @description Stage on its way.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                        }[];
                        lines: {
                            lineNo: number;
                            /** @description Pieces. */
                            quantity: number;
                            sku: string;
                        }[];
                        orderId: string;
                        promisedBy: string | null;
                        service: string;
                        shipmentId: string;
                        /** @description Number in its order, counted from 1. */
                        shipmentNo: number;
                        /**
                         * @description Stage on its way.
                         * @enum {unknown}
                         */
                        stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                        trackingNumber: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelShipment: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the shipment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A cancellation. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "the address does not exist"
                 *     }
                 */
                "application/json": {
                    /** @description Why. Never personal data. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the shipment can be read. */
                        location: string;
                        shipmentId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmDelivery: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the shipment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A delivery. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "receivedBy": "Ada Lovelace",
                 *       "at": "2026-03-03T15:05:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When it happened. Left out: now.
                     */
                    at?: string;
                    /** @description Name of who took it; encrypted before it is written anywhere. */
                    receivedBy?: string;
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the shipment can be read. */
                        location: string;
                        shipmentId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordDeliveryAttempt: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the shipment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A delivery in vain. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "nobody was there"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When it happened. Left out: now.
                     */
                    at?: string;
                    /** @description Why it could not be delivered. Never personal data. */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the shipment can be read. */
                        location: string;
                        shipmentId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordTracking: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the shipment: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Where a shipment was seen. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "stage": "inTransit",
                 *       "location": "Leeds",
                 *       "at": "2026-03-02T09:30:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description When it happened. Left out: now.
                     */
                    at?: string;
                    /** @description Where. Never personal data. */
                    location?: string;
                    /** @description What was said of it. Never personal data. */
                    note?: string;
                    /**
                     * @description Stage that it was seen in.
                     * @enum {unknown}
                     */
                    stage: "pickedUp" | "inTransit" | "outForDelivery" | "returned";
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where the shipment can be read. */
                        location: string;
                        shipmentId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDelayedShipments: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description Orders looked at for a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            carrier: string;
                            /**
                             * Format: date-time
                             * @description When it was created.
                             */
                            createdAt: string;
                            /** @description True when the promise was missed. */
                            delayed: boolean;
                            /** @enum {unknown} */
                            deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                            /** @description Times it was brought to the door in vain. */
                            failedAttempts: number;
                            /** @description What was told of it, oldest first; the newest twenty. */
                            history: {
                                /**
                                 * Format: date-time
                                 * @description When it was seen.
                                 */
                                at: string;
                                location: string | null;
                                note: string | null;
                                /**
                                 * @description Stage on its way.
                                 * @enum {unknown}
                                 */
                                stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            }[];
                            lines: {
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                                sku: string;
                            }[];
                            orderId: string;
                            promisedBy: string | null;
                            service: string;
                            shipmentId: string;
                            /** @description Number in its order, counted from 1. */
                            shipmentNo: number;
                            /**
                             * @description Stage on its way.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            trackingNumber: string;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPendingShipments: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string;
                /** @description Orders looked at for a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            carrier: string;
                            /**
                             * Format: date-time
                             * @description When it was created.
                             */
                            createdAt: string;
                            /** @description True when the promise was missed. */
                            delayed: boolean;
                            /** @enum {unknown} */
                            deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                            /** @description Times it was brought to the door in vain. */
                            failedAttempts: number;
                            /** @description What was told of it, oldest first; the newest twenty. */
                            history: {
                                /**
                                 * Format: date-time
                                 * @description When it was seen.
                                 */
                                at: string;
                                location: string | null;
                                note: string | null;
                                /**
                                 * @description Stage on its way.
                                 * @enum {unknown}
                                 */
                                stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            }[];
                            lines: {
                                lineNo: number;
                                /** @description Pieces. */
                                quantity: number;
                                sku: string;
                            }[];
                            orderId: string;
                            promisedBy: string | null;
                            service: string;
                            shipmentId: string;
                            /** @description Number in its order, counted from 1. */
                            shipmentNo: number;
                            /**
                             * @description Stage on its way.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                            trackingNumber: string;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getShipmentByTracking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tracking number. */
                no: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A shipment and its way so far. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        carrier: string;
                        /**
                         * Format: date-time
                         * @description When it was created.
                         */
                        createdAt: string;
                        /** @description True when the promise was missed. */
                        delayed: boolean;
                        /** @enum {unknown} */
                        deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                        /** @description Times it was brought to the door in vain. */
                        failedAttempts: number;
                        /** @description What was told of it, oldest first; the newest twenty. */
                        history: {
                            /**
                             * Format: date-time
                             * @description When it was seen.
                             */
                            at: string;
                            location: string | null;
                            note: string | null;
                            /**
                             * @description Stage on its way.
                             * @enum {unknown}
                             */
                            stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                        }[];
                        lines: {
                            lineNo: number;
                            /** @description Pieces. */
                            quantity: number;
                            sku: string;
                        }[];
                        orderId: string;
                        promisedBy: string | null;
                        service: string;
                        shipmentId: string;
                        /** @description Number in its order, counted from 1. */
                        shipmentNo: number;
                        /**
                         * @description Stage on its way.
                         * @enum {unknown}
                         */
                        stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                        trackingNumber: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description E-mail address; null for service accounts and where it was erased. */
                        email: string | null;
                        /** @description Permissions of a service account. */
                        grants: string[];
                        /** @enum {unknown} */
                        kind: "person" | "service";
                        /** @description Locks that turn logins away now. */
                        locks: {
                            /** @enum {unknown} */
                            scope: "address" | "account";
                            /** Format: date-time */
                            until: string;
                        }[];
                        /** @description Name of the person, or what the service account is for. */
                        name: string | null;
                        /** Format: date-time */
                        registeredAt: string;
                        roles: string[];
                        /** @description Open sessions. */
                        sessions: number;
                        /** @enum {unknown} */
                        status: "unverified" | "active" | "deleted";
                        /** @description Id of the user; the customer id of orders. */
                        userId: string;
                        /** @description Events of the user. */
                        version: number;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCreditLimit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Customer id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The credit of a customer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        customerId: string;
                        /** @description Most that may be owed, by currency; a currency that is not here has no limit. */
                        limits: {
                            /** @description The amount. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                        /** @description Orders that are neither paid nor over, by currency. */
                        owed: {
                            /** @description The amount. Decimal text with four places. */
                            amount: string;
                            currency: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setCreditLimit: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Customer id. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A credit limit. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currency": "GBP",
                 *       "limit": "500.00"
                 *     }
                 */
                "application/json": {
                    /** @description ISO 4217 code; each currency has a limit of its own. */
                    currency: string;
                    /** @description null removes the limit in this currency. */
                    limit: string | null;
                };
            };
        };
        responses: {
            /** @description The limit is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        customerId: string;
                        /** @description Where the credit of the customer can be read. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Roles of a user. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "roles": [
                 *         "Customer",
                 *         "Support"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description All roles that the user has from now on. */
                    roles: ("Customer" | "Support" | "WarehouseManager" | "Analyst" | "Admin")[];
                };
            };
        };
        responses: {
            /** @description A user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description E-mail address; null for service accounts and where it was erased. */
                        email: string | null;
                        /** @description Permissions of a service account. */
                        grants: string[];
                        /** @enum {unknown} */
                        kind: "person" | "service";
                        /** @description Locks that turn logins away now. */
                        locks: {
                            /** @enum {unknown} */
                            scope: "address" | "account";
                            /** Format: date-time */
                            until: string;
                        }[];
                        /** @description Name of the person, or what the service account is for. */
                        name: string | null;
                        /** Format: date-time */
                        registeredAt: string;
                        roles: string[];
                        /** @description Open sessions. */
                        sessions: number;
                        /** @enum {unknown} */
                        status: "unverified" | "active" | "deleted";
                        /** @description Id of the user; the customer id of orders. */
                        userId: string;
                        /** @description Events of the user. */
                        version: number;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMyAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description E-mail address; null for service accounts and where it was erased. */
                        email: string | null;
                        /** @description Permissions of a service account. */
                        grants: string[];
                        /** @enum {unknown} */
                        kind: "person" | "service";
                        /** @description Locks that turn logins away now. */
                        locks: {
                            /** @enum {unknown} */
                            scope: "address" | "account";
                            /** Format: date-time */
                            until: string;
                        }[];
                        /** @description Name of the person, or what the service account is for. */
                        name: string | null;
                        /** Format: date-time */
                        registeredAt: string;
                        roles: string[];
                        /** @description Open sessions. */
                        sessions: number;
                        /** @enum {unknown} */
                        status: "unverified" | "active" | "deleted";
                        /** @description Id of the user; the customer id of orders. */
                        userId: string;
                        /** @description Events of the user. */
                        version: number;
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMyAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What a user says of himself. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Ada King"
                 *     }
                 */
                "application/json": {
                    /** @description Null takes it away. */
                    name: string | null;
                };
            };
        };
        responses: {
            /** @description A user. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description E-mail address; null for service accounts and where it was erased. */
                        email: string | null;
                        /** @description Permissions of a service account. */
                        grants: string[];
                        /** @enum {unknown} */
                        kind: "person" | "service";
                        /** @description Locks that turn logins away now. */
                        locks: {
                            /** @enum {unknown} */
                            scope: "address" | "account";
                            /** Format: date-time */
                            until: string;
                        }[];
                        /** @description Name of the person, or what the service account is for. */
                        name: string | null;
                        /** Format: date-time */
                        registeredAt: string;
                        roles: string[];
                        /** @description Open sessions. */
                        sessions: number;
                        /** @enum {unknown} */
                        status: "unverified" | "active" | "deleted";
                        /** @description Id of the user; the customer id of orders. */
                        userId: string;
                        /** @description Events of the user. */
                        version: number;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document, as it is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account: {
                            /** @description E-mail address; null for service accounts and where it was erased. */
                            email: string | null;
                            /** @description Permissions of a service account. */
                            grants: string[];
                            /** @enum {unknown} */
                            kind: "person" | "service";
                            /** @description Locks that turn logins away now. */
                            locks: {
                                /** @enum {unknown} */
                                scope: "address" | "account";
                                /** Format: date-time */
                                until: string;
                            }[];
                            /** @description Name of the person, or what the service account is for. */
                            name: string | null;
                            /** Format: date-time */
                            registeredAt: string;
                            roles: string[];
                            /** @description Open sessions. */
                            sessions: number;
                            /** @enum {unknown} */
                            status: "unverified" | "active" | "deleted";
                            /** @description Id of the user; the customer id of orders. */
                            userId: string;
                            /** @description Events of the user. */
                            version: number;
                        } | null;
                        /** @description Events of the account, and the notifications it was sent. */
                        accountRecords: ({
                            /** Format: date-time */
                            occurredAt: string;
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** Format: date-time */
                        exportedAt: string;
                        orders: {
                            order: {
                                actionReason: ("shortStock" | "paymentDeclined") | null;
                                /** @description Money ever held. Decimal text with four places. */
                                authorised: string;
                                /** @description Money ever taken. Decimal text with four places. */
                                captured: string;
                                carrier: string | null;
                                /** @enum {unknown} */
                                channel: "storefront" | "api" | "import" | "backoffice";
                                clientReference: string | null;
                                confirmedAt: string | null;
                                currency: string;
                                customerId: string | null;
                                deadline: string | null;
                                deliveredAt: string | null;
                                lines: {
                                    /** @description Pieces that will not be delivered. */
                                    cancelled: number;
                                    /** @description Pieces that were delivered with the order. */
                                    delivered: number;
                                    lineNo: number;
                                    /** @description Price of the line. Decimal text with four places. */
                                    lineTotal: string;
                                    /**
                                     * @description Who set the price.
                                     * @enum {unknown}
                                     */
                                    priceSource: "catalog" | "quoted";
                                    /** @description Pieces. */
                                    quantity: number;
                                    /** @description Pieces that were given back. */
                                    returned: number;
                                    /** @description Pieces that have left and did not come back undelivered. */
                                    shipped: number;
                                    sku: string;
                                    /** @description Price of one piece. Decimal text with four places. */
                                    unitPrice: string;
                                }[];
                                /** @description Id of the order: a UUID in lower case. */
                                orderId: string;
                                outcome: ("Fulfilled" | "Cancelled" | "Failed" | "TimedOut" | "Rejected") | null;
                                outcomeCause: ("shortStock" | "paymentDeclined" | "customer" | "technical" | "stepTimeout" | "sagaTimeout" | "riskRejected" | "actionTimeout" | "backOrderTimeout" | "reviewTimeout" | "undeliverable") | null;
                                /** @description Parcels of the order. */
                                parcels: {
                                    /** @description Attempts to deliver it that failed. */
                                    attempts: number;
                                    carrier: string;
                                    deliveredAt: string | null;
                                    /** @description True once the promise was not kept. */
                                    isLate: boolean;
                                    lines: {
                                        lineNo: number;
                                        /** @description Pieces. */
                                        quantity: number;
                                    }[];
                                    location: string | null;
                                    promisedBy: string | null;
                                    shipmentId: string;
                                    /** @description Number of the parcel in the order. */
                                    shipmentNo: number;
                                    /**
                                     * @description Where it is.
                                     * @enum {unknown}
                                     */
                                    stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                                    trackingNumber: string;
                                }[];
                                paymentId: string | null;
                                /**
                                 * Format: date-time
                                 * @description When the order was placed.
                                 */
                                placedAt: string;
                                reason: string | null;
                                /** @description Money given back after it was taken. Decimal text with four places. */
                                refunded: string;
                                shipmentId: string | null;
                                /** @description What is short while the order waits for its customer or for stock. */
                                shortages: {
                                    /** @description Pieces that were free. */
                                    available: number;
                                    /** @description Pieces asked for. */
                                    requested: number;
                                    sku: string;
                                }[];
                                /** @enum {unknown} */
                                state: "Pending" | "InventoryReserved" | "OnRiskReview" | "PaymentAuthorized" | "Confirmed" | "PartiallyShipped" | "Shipped" | "Delivered" | "ReturnRequested" | "PartiallyReturned" | "Returned" | "ActionRequired" | "BackOrdered" | "Compensating" | "Cancelled" | "Failed" | "TimedOut" | "Rejected";
                                /** @description Sum of the lines. Decimal text with four places. */
                                total: string;
                                trackingNumber: string | null;
                                /**
                                 * Format: date-time
                                 * @description When the order changed last.
                                 */
                                updatedAt: string;
                                /** @description Number of events of the order. */
                                version: number;
                                /** @description Money set free before it was taken. Decimal text with four places. */
                                voided: string;
                            } | null;
                            payments: {
                                /** @description Amount asked for. Decimal text with four places, in the currency of the payment. */
                                amount: string;
                                /** @description Attempt of the order, counted from 1. */
                                attempt: number;
                                /** @description Money that was held. Decimal text with four places, in the currency of the payment. */
                                authorised: string;
                                /** @description Money taken. Decimal text with four places, in the currency of the payment. */
                                captured: string;
                                /** @description ISO 4217 code of every amount. */
                                currency: string;
                                failure: string | null;
                                /** @enum {unknown} */
                                method: "card" | "paypal" | "bankTransfer" | "invoice";
                                orderId: string;
                                paymentId: string;
                                /** @description Money given back after it was taken. Decimal text with four places, in the currency of the payment. */
                                refunded: string;
                                /** @description Every refund asked for, in order. */
                                refunds: {
                                    /** @description Why it was asked for. */
                                    reason: string;
                                    /** @description Amount given back. Decimal text with four places, in the currency of the payment. */
                                    refunded: string;
                                    /** @description Id of the refund. */
                                    refundId: string;
                                    refusal: string | null;
                                    requested: string | null;
                                    /**
                                     * @description How it stands; a failing one is tried again until it is done.
                                     * @enum {unknown}
                                     */
                                    status: "pending" | "failing" | "done" | "refused";
                                }[];
                                /** @enum {unknown} */
                                status: "none" | "authorising" | "authorised" | "capturing" | "captured" | "voiding" | "voided" | "refunding" | "partiallyRefunded" | "refunded" | "failed" | "fenced";
                                /** @description Money set free before it was taken. Decimal text with four places, in the currency of the payment. */
                                voided: string;
                            }[];
                            /** @description Its events and notifications: addresses, returns, refunds. */
                            records: ({
                                /** Format: date-time */
                                occurredAt: string;
                                type: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            shipments: {
                                carrier: string;
                                /**
                                 * Format: date-time
                                 * @description When it was created.
                                 */
                                createdAt: string;
                                /** @description True when the promise was missed. */
                                delayed: boolean;
                                /** @enum {unknown} */
                                deliverySpeed: "standard" | "express" | "overnight" | "sameDay";
                                /** @description Times it was brought to the door in vain. */
                                failedAttempts: number;
                                /** @description What was told of it, oldest first; the newest twenty. */
                                history: {
                                    /**
                                     * Format: date-time
                                     * @description When it was seen.
                                     */
                                    at: string;
                                    location: string | null;
                                    note: string | null;
                                    /**
                                     * @description Stage on its way.
                                     * @enum {unknown}
                                     */
                                    stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                                }[];
                                lines: {
                                    lineNo: number;
                                    /** @description Pieces. */
                                    quantity: number;
                                    sku: string;
                                }[];
                                orderId: string;
                                promisedBy: string | null;
                                service: string;
                                shipmentId: string;
                                /** @description Number in its order, counted from 1. */
                                shipmentNo: number;
                                /**
                                 * @description Stage on its way.
                                 * @enum {unknown}
                                 */
                                stage: "created" | "pickedUp" | "inTransit" | "outForDelivery" | "attemptFailed" | "delivered" | "returned" | "cancelled";
                                trackingNumber: string;
                            }[];
                        }[];
                        subject: string;
                        /** @description What was seen and put into the cart, and variants of experiments that were shown, where it is known whose visit it was. */
                        visits: ({
                            /** Format: date-time */
                            occurredAt: string;
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createServiceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A new service account. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shop front",
                 *       "grants": [
                 *         "orders:write",
                 *         "orders:read"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description What it may do. */
                    grants: ("orders:read" | "orders:read-all" | "orders:write" | "orders:cancel" | "orders:delete" | "orders:review" | "orders:price-override" | "products:read" | "products:write" | "products:delete" | "inventory:read" | "inventory:write" | "inventory:reserve" | "payments:read" | "payments:process" | "payments:refund" | "shipments:read" | "shipments:create" | "shipments:cancel" | "analytics:view" | "analytics:export" | "users:read" | "users:write" | "users:delete" | "notifications:send" | "admin")[];
                    /** @description What it is for, in words for people; never personal data. */
                    name: string;
                };
            };
        };
        responses: {
            /** @description A service account, with its secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        clientId: string;
                        /** @description Shown this once; only its hash is kept. */
                        clientSecret: string;
                        grants: string[];
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Your subscriptions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /**
                             * Format: date-time
                             * @description When it was made.
                             */
                            createdAt: string;
                            description: string;
                            disabledReason: ("exhausted" | "gone" | "owner" | "access" | "unknown") | null;
                            eventTypes: string[];
                            /** @description Tries that failed since the last one that did not. */
                            failuresInRow: number;
                            /** @description True: the last tries failed, and nothing new is sent until one of them arrives. */
                            isFailing: boolean;
                            lastSuccessAt: string | null;
                            /** @description Secrets that sign now, the newest first. */
                            secrets: {
                                /** @description Names the secret. The secret itself is shown once. */
                                secretId: string;
                                signsUntil: string | null;
                            }[];
                            /**
                             * @description Whether messages are sent.
                             * @enum {unknown}
                             */
                            status: "active" | "disabled";
                            /**
                             * Format: date-time
                             * @description When it was changed last.
                             */
                            updatedAt: string;
                            url: string;
                            webhookId: string;
                        }[];
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    subscribeWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description A subscription. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.example.com/commerce",
                 *       "eventTypes": [
                 *         "orders.*",
                 *         "payments.failed"
                 *       ],
                 *       "description": "accounting"
                 *     }
                 */
                "application/json": {
                    /** @description What it is for, in words for people; no personal data. */
                    description?: string;
                    /** @description Names of events, or groups such as orders.*; GET /v1/webhooks/event-types lists them. */
                    eventTypes: ("orders.created" | "orders.confirmed" | "orders.action_required" | "orders.amended" | "orders.back_ordered" | "orders.partially_shipped" | "orders.shipped" | "orders.lines_cancelled" | "orders.delivered" | "orders.cancelled" | "orders.failed" | "orders.timed_out" | "payments.authorized" | "payments.captured" | "payments.failed" | "payments.voided" | "payments.partially_refunded" | "payments.refunded" | "shipments.created" | "shipments.picked_up" | "shipments.in_transit" | "shipments.out_for_delivery" | "shipments.delivered" | "shipments.delivery_failed" | "shipments.returned" | "shipments.cancelled" | "shipments.delayed" | "returns.requested" | "returns.approved" | "returns.declined" | "returns.expired" | "returns.received" | "returns.refunded" | "orders.*" | "payments.*" | "shipments.*" | "returns.*")[];
                    /**
                     * Format: uri
                     * @description Where messages are posted to: https, a public name or address, port 443 or 8443.
                     */
                    url: string;
                };
            };
        };
        responses: {
            /** @description A subscription, and its new secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhookId": "3f1c8a52-7a6e-8c1d-9d3b-2f6a1f0c9e11",
                     *       "url": "https://hooks.example.com/commerce",
                     *       "eventTypes": [
                     *         "orders.*",
                     *         "payments.failed"
                     *       ],
                     *       "description": "accounting",
                     *       "status": "active",
                     *       "disabledReason": null,
                     *       "isFailing": false,
                     *       "failuresInRow": 0,
                     *       "lastSuccessAt": null,
                     *       "secrets": [
                     *         {
                     *           "secretId": "5c1b2e0f9a7d4c38",
                     *           "signsUntil": null
                     *         }
                     *       ],
                     *       "createdAt": "2026-03-02T09:00:00.000Z",
                     *       "updatedAt": "2026-03-02T09:00:00.000Z",
                     *       "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was made.
                         */
                        createdAt: string;
                        description: string;
                        disabledReason: ("exhausted" | "gone" | "owner" | "access" | "unknown") | null;
                        eventTypes: string[];
                        /** @description Tries that failed since the last one that did not. */
                        failuresInRow: number;
                        /** @description True: the last tries failed, and nothing new is sent until one of them arrives. */
                        isFailing: boolean;
                        lastSuccessAt: string | null;
                        /** @description The secret, whsec_ and base64. It is shown here and never again: keep it. */
                        secret: string;
                        /** @description Secrets that sign now, the newest first. */
                        secrets: {
                            /** @description Names the secret. The secret itself is shown once. */
                            secretId: string;
                            signsUntil: string | null;
                        }[];
                        /**
                         * @description Whether messages are sent.
                         * @enum {unknown}
                         */
                        status: "active" | "disabled";
                        /**
                         * Format: date-time
                         * @description When it was changed last.
                         */
                        updatedAt: string;
                        url: string;
                        webhookId: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was made.
                         */
                        createdAt: string;
                        description: string;
                        disabledReason: ("exhausted" | "gone" | "owner" | "access" | "unknown") | null;
                        eventTypes: string[];
                        /** @description Tries that failed since the last one that did not. */
                        failuresInRow: number;
                        /** @description True: the last tries failed, and nothing new is sent until one of them arrives. */
                        isFailing: boolean;
                        lastSuccessAt: string | null;
                        /** @description Secrets that sign now, the newest first. */
                        secrets: {
                            /** @description Names the secret. The secret itself is shown once. */
                            secretId: string;
                            signsUntil: string | null;
                        }[];
                        /**
                         * @description Whether messages are sent.
                         * @enum {unknown}
                         */
                        status: "active" | "disabled";
                        /**
                         * Format: date-time
                         * @description When it was changed last.
                         */
                        updatedAt: string;
                        url: string;
                        webhookId: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What is named is replaced, the rest stays. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "active"
                 *     }
                 */
                "application/json": {
                    /** @description What it is for, in words for people; no personal data. */
                    description?: string;
                    /** @description Names of events, or groups such as orders.*; GET /v1/webhooks/event-types lists them. */
                    eventTypes?: ("orders.created" | "orders.confirmed" | "orders.action_required" | "orders.amended" | "orders.back_ordered" | "orders.partially_shipped" | "orders.shipped" | "orders.lines_cancelled" | "orders.delivered" | "orders.cancelled" | "orders.failed" | "orders.timed_out" | "payments.authorized" | "payments.captured" | "payments.failed" | "payments.voided" | "payments.partially_refunded" | "payments.refunded" | "shipments.created" | "shipments.picked_up" | "shipments.in_transit" | "shipments.out_for_delivery" | "shipments.delivered" | "shipments.delivery_failed" | "shipments.returned" | "shipments.cancelled" | "shipments.delayed" | "returns.requested" | "returns.approved" | "returns.declined" | "returns.expired" | "returns.received" | "returns.refunded" | "orders.*" | "payments.*" | "shipments.*" | "returns.*")[];
                    /**
                     * @description active: messages are sent again, those that waited included. disabled: none is sent.
                     * @enum {unknown}
                     */
                    status?: "active" | "disabled";
                    /**
                     * Format: uri
                     * @description Where messages are posted to: https, a public name or address, port 443 or 8443.
                     */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description A subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was made.
                         */
                        createdAt: string;
                        description: string;
                        disabledReason: ("exhausted" | "gone" | "owner" | "access" | "unknown") | null;
                        eventTypes: string[];
                        /** @description Tries that failed since the last one that did not. */
                        failuresInRow: number;
                        /** @description True: the last tries failed, and nothing new is sent until one of them arrives. */
                        isFailing: boolean;
                        lastSuccessAt: string | null;
                        /** @description Secrets that sign now, the newest first. */
                        secrets: {
                            /** @description Names the secret. The secret itself is shown once. */
                            secretId: string;
                            signsUntil: string | null;
                        }[];
                        /**
                         * @description Whether messages are sent.
                         * @enum {unknown}
                         */
                        status: "active" | "disabled";
                        /**
                         * Format: date-time
                         * @description When it was changed last.
                         */
                        updatedAt: string;
                        url: string;
                        webhookId: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description `next` of the page before, such as msg_0mjuohs0199decaa43747b1f2d301467a. */
                after?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages, the newest first; kept for seven days. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /**
                             * Format: date-time
                             * @description When the message was made.
                             */
                            createdAt: string;
                            /** @description Name of the event. */
                            eventType: string;
                            lastAttempt: {
                                /**
                                 * Format: date-time
                                 * @description When the try ended.
                                 */
                                at: string;
                                /** @description delivered, or why not: refused, redirected, gone, timeout, unreachable, unresolved, url-refused, address-refused, no-place. */
                                code: string;
                                /** @description Beginning of your answer, at most 512 characters. */
                                excerpt: string;
                                /** @description True: a process was lost over it, and it was sent again: you may have had it once more. */
                                mayBeTwice: boolean;
                                status: number | null;
                                /** @description How long it took, ms. */
                                tookMs: number;
                            } | null;
                            /** @description Id of the message: the header webhook-id, the same over every try. */
                            messageId: string;
                            nextTryAt: string | null;
                            /**
                             * @description waiting for its turn, sending, retrying, delivered, or failed: given up.
                             * @enum {unknown}
                             */
                            status: "waiting" | "sending" | "retrying" | "delivered" | "failed" | "unknown";
                            /** @description What it is about, such as the order id. */
                            subject: string;
                            /** @description Tries of this round; a resend begins a new one. */
                            tries: number;
                        }[];
                        next: string | null;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
                /** @description Id of the message, as the header webhook-id has it. */
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A message, what is posted, and its tries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest tries, oldest first. */
                        attempts: {
                            /**
                             * Format: date-time
                             * @description When the try ended.
                             */
                            at: string;
                            /** @description delivered, or why not: refused, redirected, gone, timeout, unreachable, unresolved, url-refused, address-refused, no-place. */
                            code: string;
                            /** @description Beginning of your answer, at most 512 characters. */
                            excerpt: string;
                            /** @description True: a process was lost over it, and it was sent again: you may have had it once more. */
                            mayBeTwice: boolean;
                            status: number | null;
                            /** @description How long it took, ms. */
                            tookMs: number;
                        }[];
                        /** @description What is posted, byte by byte. */
                        body: string;
                        /**
                         * Format: date-time
                         * @description When the message was made.
                         */
                        createdAt: string;
                        /** @description Name of the event. */
                        eventType: string;
                        lastAttempt: {
                            /**
                             * Format: date-time
                             * @description When the try ended.
                             */
                            at: string;
                            /** @description delivered, or why not: refused, redirected, gone, timeout, unreachable, unresolved, url-refused, address-refused, no-place. */
                            code: string;
                            /** @description Beginning of your answer, at most 512 characters. */
                            excerpt: string;
                            /** @description True: a process was lost over it, and it was sent again: you may have had it once more. */
                            mayBeTwice: boolean;
                            status: number | null;
                            /** @description How long it took, ms. */
                            tookMs: number;
                        } | null;
                        /** @description Id of the message: the header webhook-id, the same over every try. */
                        messageId: string;
                        nextTryAt: string | null;
                        /**
                         * @description waiting for its turn, sending, retrying, delivered, or failed: given up.
                         * @enum {unknown}
                         */
                        status: "waiting" | "sending" | "retrying" | "delivered" | "failed" | "unknown";
                        /** @description What it is about, such as the order id. */
                        subject: string;
                        /** @description Tries of this round; a resend begins a new one. */
                        tries: number;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resendWebhookDelivery: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
                /** @description Id of the message, as the header webhook-id has it. */
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where it can be seen. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pingWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where it can be seen. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resendWebhookDeliveries: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Which messages. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-03-02T09:00:00Z",
                 *       "until": "2026-03-02T10:00:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Events from then on.
                     */
                    from: string;
                    /**
                     * @description False: those that arrived, too.
                     * @default true
                     */
                    onlyFailed?: boolean;
                    /**
                     * Format: date-time
                     * @description Events before. Left out: up to now.
                     */
                    until?: string;
                };
            };
        };
        responses: {
            /** @description It is in the log and will not be lost. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where it can be seen. */
                        location: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header: {
                /** @description Key of your own, unique for each command: repeat it when you repeat the request. */
                "idempotency-key": string;
            };
            path: {
                /** @description Id of the subscription: a UUID in lower case. */
                id: string;
            };
            cookie?: never;
        };
        /** @description How the secret is changed. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapS": 86400
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the secrets before still sign, seconds. 0 where one was lost to somebody.
                     * @default 86400
                     */
                    overlapS?: number;
                };
            };
        };
        responses: {
            /** @description A subscription, and its new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "webhookId": "3f1c8a52-7a6e-8c1d-9d3b-2f6a1f0c9e11",
                     *       "url": "https://hooks.example.com/commerce",
                     *       "eventTypes": [
                     *         "orders.*",
                     *         "payments.failed"
                     *       ],
                     *       "description": "accounting",
                     *       "status": "active",
                     *       "disabledReason": null,
                     *       "isFailing": false,
                     *       "failuresInRow": 0,
                     *       "lastSuccessAt": null,
                     *       "secrets": [
                     *         {
                     *           "secretId": "5c1b2e0f9a7d4c38",
                     *           "signsUntil": null
                     *         }
                     *       ],
                     *       "createdAt": "2026-03-02T09:00:00.000Z",
                     *       "updatedAt": "2026-03-02T09:00:00.000Z",
                     *       "secret": "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
                     *     }
                     */
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description When it was made.
                         */
                        createdAt: string;
                        description: string;
                        disabledReason: ("exhausted" | "gone" | "owner" | "access" | "unknown") | null;
                        eventTypes: string[];
                        /** @description Tries that failed since the last one that did not. */
                        failuresInRow: number;
                        /** @description True: the last tries failed, and nothing new is sent until one of them arrives. */
                        isFailing: boolean;
                        lastSuccessAt: string | null;
                        /** @description The secret, whsec_ and base64. It is shown here and never again: keep it. */
                        secret: string;
                        /** @description Secrets that sign now, the newest first. */
                        secrets: {
                            /** @description Names the secret. The secret itself is shown once. */
                            secretId: string;
                            signsUntil: string | null;
                        }[];
                        /**
                         * @description Whether messages are sent.
                         * @enum {unknown}
                         */
                        status: "active" | "disabled";
                        /**
                         * Format: date-time
                         * @description When it was changed last.
                         */
                        updatedAt: string;
                        url: string;
                        webhookId: string;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveCarrierCallback: {
        parameters: {
            query?: never;
            header?: {
                /** @description t=<epoch seconds>,v1=<HMAC-SHA256 over time, full stop and raw body>. */
                "carrier-signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description type: shipment.picked_up, in_transit, out_for_delivery, delivery_failed, delivered or returned; at (ISO 8601); reference (<order id>/<number>) or trackingNumber; location; note. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "cb-000001",
                 *       "type": "shipment.in_transit",
                 *       "at": "2026-03-02T09:30:00Z",
                 *       "reference": "1b4e28ba-2fa1-41d2-883f-0016d3cca427/1",
                 *       "location": "Leeds"
                 *     }
                 */
                "application/json": {
                    /** @description Id of the callback: it counts once. */
                    id: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Accepted: it is in the log. Ignored: it is about nothing of ours.
                         * @enum {unknown}
                         */
                        outcome: "accepted" | "ignored";
                        /** @description Why it was ignored. */
                        reason?: string;
                        /** @enum {boolean} */
                        received: true;
                    };
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Accepted: it is in the log. Ignored: it is about nothing of ours.
                         * @enum {unknown}
                         */
                        outcome: "accepted" | "ignored";
                        /** @description Why it was ignored. */
                        reason?: string;
                        /** @enum {boolean} */
                        received: true;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every event that can be subscribed to. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @description When it happens. */
                            description: string;
                            /** @description Asks for all events of its group. */
                            group: string;
                            /** @description Name of the event, the type of its message. */
                            name: string;
                        }[];
                        /** @description Version of the payload. */
                        version: string;
                    };
                };
            };
            /** @description Problem details */
            401: {
                headers: {
                    /** @description How to prove who you are. */
                    "www-authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveNotificationReceipt: {
        parameters: {
            query?: never;
            header?: {
                /** @description t=<epoch seconds>,v1=<HMAC-SHA256 over time, full stop and raw body>. */
                "receipt-signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description outcome: delivered, undelivered or refused; notificationId, or messageId of the letter (<notification id@domain>); code. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "r-000001",
                 *       "channel": "email",
                 *       "outcome": "refused",
                 *       "messageId": "<1b4e28ba-2fa1-41d2-883f-0016d3cca427@shop.example>",
                 *       "code": "5.1.1"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How the reader was told.
                     * @enum {unknown}
                     */
                    channel: "email" | "sms" | "push";
                    /** @description Id of the callback: it counts once. */
                    id: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Accepted: it is in the log. Ignored: it is about nothing of ours.
                         * @enum {unknown}
                         */
                        outcome: "accepted" | "ignored";
                        /** @description Why it was ignored. */
                        reason?: string;
                        /** @enum {boolean} */
                        received: true;
                    };
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Accepted: it is in the log. Ignored: it is about nothing of ours.
                         * @enum {unknown}
                         */
                        outcome: "accepted" | "ignored";
                        /** @description Why it was ignored. */
                        reason?: string;
                        /** @enum {boolean} */
                        received: true;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receivePaymentCallback: {
        parameters: {
            query?: never;
            header?: {
                /** @description t=<epoch seconds>,v1=<signature>, of the embedded gateway. */
                "payment-signature"?: string;
                /** @description The same, of Stripe. */
                "stripe-signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The callback as the provider sends it. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "cb_000001",
                 *       "type": "operation.done",
                 *       "data": {
                 *         "key": "1b4e28ba-2fa1-41d2-883f-0016d3cca427/capture/1",
                 *         "authorisation": {
                 *           "reference": "auth-1",
                 *           "currency": "GBP",
                 *           "authorised": "500000",
                 *           "captured": "500000",
                 *           "voided": "0",
                 *           "refunded": "0"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Id of the callback: it counts once. */
                    id: string;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Accepted: it is in the log. Ignored: it is about nothing of ours.
                         * @enum {unknown}
                         */
                        outcome: "accepted" | "ignored";
                        /** @description Why it was ignored. */
                        reason?: string;
                        /** @enum {boolean} */
                        received: true;
                    };
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Accepted: it is in the log. Ignored: it is about nothing of ours.
                         * @enum {unknown}
                         */
                        outcome: "accepted" | "ignored";
                        /** @description Why it was ignored. */
                        reason?: string;
                        /** @enum {boolean} */
                        received: true;
                    };
                };
            };
            /** @description Problem details */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            429: {
                headers: {
                    /** @description Seconds until requests are taken again. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Problem details */
            503: {
                headers: {
                    /** @description Seconds after which it is worth another try. */
                    "retry-after"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
