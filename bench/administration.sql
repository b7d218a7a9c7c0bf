-- What staff find on a large site, and a busy specialist's meetings. Nothing that the measured pages do not open is sealed:
-- it has the usual size. `bench/administration.py` gives the figures.

UPDATE accounts_user SET created_at = %(now)s - interval '200 days' WHERE email LIKE '%%@scale.invalid';

UPDATE consultations_specialist SET
    name = (ARRAY['Ana','Bruno','Clara','Dario','Elena','Farid','Greta','Hugo','Ines','Jonas'])[1 + n %% 10] || ' '
        || (ARRAY['Mar','Sol','Wen','Tor','Kal','Ber','Lin','Ros','Vas','Hol'])[1 + n / 10 %% 10]
        || (ARRAY['ber','din','gard','mann','ova','quist','rez','sen','ter','win'])[1 + n / 100 %% 10]
        || CASE WHEN n >= 1000 THEN '-' || (ARRAY['Ade','Bay','Cruz','Diaz','Eng','Fox','Gil','Hart','Ito','Jung'])[1 + n / 1000 %% 10]
           ELSE '' END,
    register_name = 'Register of counsellors', register_number = 'R-' || lpad(n::text, 6, '0'),
    status = CASE n %% 20 WHEN 0 THEN 'submitted' WHEN 1 THEN 'draft' WHEN 2 THEN 'suspended' ELSE 'verified' END,
    submitted_at = %(now)s - n * interval '1 minute'
FROM (SELECT user_id AS pk, right(slug, 5)::int AS n FROM consultations_specialist WHERE slug LIKE 'scale-%%') AS numbered
WHERE user_id = pk;

INSERT INTO consultations_verification (id, specialist_id, outcome, at, by_id, checked, "where", check_again_on, sealed)
SELECT gen_random_uuid(), user_id, 'approved', %(now)s - turn * interval '1 year', NULL, '{register}',
       'https://register.example/', %(now)s, repeat('x', 200)
FROM consultations_specialist, generate_series(0, 1) AS turn;

INSERT INTO consultations_profilechange (specialist_id, since, changed_at, texts)
SELECT user_id, submitted_at, %(now)s, jsonb_build_object('about', repeat('Words of before. ', 60))
FROM consultations_specialist WHERE right(slug, 1) IN ('3', '4', '5') AND slug LIKE 'scale-%%';

-- Of two hundred meetings, two are objected to, one was missed by its specialist, and six are cancelled.
UPDATE consultations_booking SET
    status = CASE WHEN lot < 2 THEN 'client_no_show' WHEN lot = 2 THEN 'specialist_no_show'
        ELSE 'cancelled_by_client' END,
    changed_at = starts_at + interval '1 day',
    objected_at = CASE WHEN lot < 2 THEN starts_at + interval '2 days' END,
    settled_at = CASE WHEN lot < 2 AND starts_at < %(now)s - interval '20 days' THEN starts_at + interval '9 days' END
FROM (SELECT id AS pk, ('x' || left(id::text, 6))::bit(24)::int %% 200 AS lot FROM consultations_booking) AS drawn
WHERE id = pk AND lot < 9;

INSERT INTO consultations_failedcheck (specialist_id, which, starts_at, format, reason, found_at)
SELECT user_id, which, %(now)s + interval '1 day', 'video', 'taken', %(now)s - n * interval '1 second'
FROM (SELECT user_id, row_number() OVER () AS n FROM consultations_specialist LIMIT %(rows)s) AS chosen,
     (VALUES ('earliest')) AS one (which);

INSERT INTO exchange_report (id, side_id, owner_id, state, day, settled_on, sealed)
SELECT gen_random_uuid(), id, owner_id, CASE WHEN n %% 5 = 0 THEN 'new' ELSE 'settled' END,
       %(today)s - (n %% 700)::int, CASE WHEN n %% 5 = 0 THEN NULL ELSE %(today)s END, repeat('x', 3000)
FROM (SELECT id, owner_id, row_number() OVER () AS n FROM exchange_side LIMIT %(rows)s) AS sides;

INSERT INTO exchange_profilereport (id, specialist_id, owner_id, state, day, settled_on, sealed)
SELECT gen_random_uuid(), user_id, NULL, CASE WHEN n %% 5 = 0 THEN 'new' ELSE 'settled' END,
       %(today)s - (n %% 700)::int, CASE WHEN n %% 5 = 0 THEN NULL ELSE %(today)s END, repeat('x', 3000)
FROM (SELECT user_id, row_number() OVER () AS n FROM consultations_specialist LIMIT %(rows)s) AS chosen;

INSERT INTO exchange_contact (id, owner_id, topic, state, day, state_since, assignee_id, code_sha256, sealed)
SELECT gen_random_uuid(), NULL, (ARRAY['privacy','safety','complaint','access','press','other'])[1 + n %% 6],
       (ARRAY['new','open','answered','closed'])[1 + n %% 4], %(today)s - n %% 700, %(today)s,
       CASE WHEN n %% 4 = 0 THEN NULL ELSE %(staff)s END, md5(n::text), repeat('x', 3000)
FROM generate_series(1, %(rows)s) AS n;

INSERT INTO exchange_flag (id, question_id, answer_id, "on", settled_on, sealed)
SELECT gen_random_uuid(), id, NULL, %(today)s - (n %% 300)::int, CASE WHEN n %% 5 = 0 THEN NULL ELSE %(today)s END,
       repeat('x', 300)
FROM (SELECT id, row_number() OVER () AS n FROM exchange_question LIMIT %(rows)s) AS chosen;

INSERT INTO accounts_staffaction (at, staff, kind, model, row, said)
SELECT %(now)s - n * interval '5 minutes', %(staff)s, (ARRAY['read','changed','log_in','role'])[1 + n %% 4],
       CASE WHEN n %% 4 = 2 THEN '' ELSE 'consultations.specialist' END,
       CASE WHEN n %% 4 = 2 THEN '' ELSE pk::text END, 'Approved.'
FROM generate_series(1, %(log)s) AS n
JOIN (SELECT user_id AS pk, row_number() OVER (ORDER BY slug) AS turn FROM consultations_specialist) AS about
    ON turn = 1 + n / 4 %% %(clients)s
ORDER BY n;

INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts)
SELECT 'housekeeping', 'consultations.tasks.shop',
       (CASE WHEN n <= %(rows)s THEN 'failed' ELSE 'todo' END)::procrastinate_job_status, 9
FROM generate_series(1, %(log)s) AS n;
INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'failed', %(now)s FROM procrastinate_jobs
WHERE status = 'failed';

INSERT INTO reflect_dailyfigure (day, kind, value)
SELECT %(today)s - n, kind, n FROM generate_series(1, 1100) AS n, (VALUES ('sign_ups'), ('completed'), ('entries'),
    ('booked'), ('held'), ('missed'), ('free_times'), ('answered'), ('days_to_answer')) AS kinds (kind)
ON CONFLICT DO NOTHING;

INSERT INTO reflect_banner (text, language, level, starts_at, ends_at)
SELECT 'A sentence ' || n, 'en', 'note', %(now)s - n * interval '1 day', %(now)s - (n - 1) * interval '1 day'
FROM generate_series(2, %(rows)s / 10) AS n;

INSERT INTO exchange_answertemplate (title, text) SELECT 'Answer ' || n, 'Words.' FROM generate_series(1, 100) AS n
ON CONFLICT DO NOTHING;

INSERT INTO accounts_user (id, email, password, is_active, is_staff, is_superuser, is_specialist, created_at, sealed_self,
    timezone, language, theme, exit_destination, exit_keys, closing_notices)
SELECT gen_random_uuid(), 'member-' || n || '@scale.invalid', '!', n %% 20 > 0, false, false, false,
       %(now)s - n * interval '3 minutes', decode(repeat('00', 120), 'hex'), 'UTC', 'en', 'system', 'weather', true, 0
FROM generate_series(1, %(members)s) AS n;

-- One questionnaire each, and two entries.
INSERT INTO assessments_response (id, owner_id, version_id, form, started_at, changed_at, submitted_at, revision, sealed)
SELECT gen_random_uuid(), id, (SELECT min(id) FROM assessments_instrumentversion), 'short', created_at, created_at,
       created_at, 1, decode(repeat('00', 300), 'hex')
FROM accounts_user WHERE email LIKE 'member-%%';

INSERT INTO journal_entry (id, owner_id, date, day, clock, created_at, changed_at, kept_at, pinned, revision, client,
    sequence, sealed)
SELECT gen_random_uuid(), id, created_at, created_at, created_at::time, created_at, created_at, created_at, false, 1, id,
       1, decode(repeat('00', 500), 'hex')
FROM accounts_user, generate_series(1, 2) WHERE email LIKE 'member-%%';

INSERT INTO consultations_booking (id, client_id, specialist_id, slot_id, starts_at, ends_at, status, format, token,
    made_at, changed_at, sequence, reschedules, remind_day, remind_hour, client_fit, specialist_fit)
SELECT gen_random_uuid(), client.id, %(busy)s, NULL, start, start + interval '30 minutes',
    CASE WHEN start > %(now)s THEN 'booked' WHEN k %% 9 = 0 THEN 'cancelled_by_client' ELSE 'completed' END,
    'video', gen_random_uuid(), start - interval '3 days', least(start, %(now)s), 0, 0, false, false, '', ''
FROM (
    SELECT k, %(today)s::timestamptz + (%(ahead)s / 10 - k / 10) * interval '1 day'
        + (8 + k %% 10) * interval '1 hour' + interval '30 minutes' AS start
    FROM generate_series(0, %(meetings)s - 1) AS k
) AS times
JOIN accounts_user AS client ON client.email = 'client-' || (k %% %(clients)s) || '@scale.invalid';

INSERT INTO consultations_bookingchange (booking_id, at, side, status)
SELECT id, made_at, 'client', status FROM consultations_booking WHERE specialist_id = %(busy)s;

INSERT INTO meetings_privatenote (id, owner_id, booking_id, revision, changed_at, client, sequence, sealed)
SELECT gen_random_uuid(), specialist_id, id, 1, starts_at, id, 1, decode(repeat('00', 300), 'hex')
FROM consultations_booking WHERE specialist_id = %(busy)s AND starts_at < %(now)s;
