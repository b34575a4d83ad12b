"""Addresses of signals, alerts and the response, below the desk."""

from django.urls import path

from amparo.warning.alerts import views as alerts
from amparo.warning.backtest import views as backtest
from amparo.warning.duty import directory_views as duty
from amparo.warning.duty import drill_views as drills
from amparo.warning.duty import rota_views as rota
from amparo.warning.forecast_page import views as forecast
from amparo.warning.media import feed_views as feeds
from amparo.warning.media import views as media
from amparo.warning.overview import overview
from amparo.warning.procedures import views as procedures
from amparo.warning.response import views as response
from amparo.warning.signals import views as signals
from amparo.warning.statements import issuing_views as issuing
from amparo.warning.statements import views as statements
from amparo.warning.triggers import views as triggers

urlpatterns = [
    path("warning/", overview, name="warning"),
    path("warning/rules/", triggers.rule_list, name="rules"),
    path("warning/rules/<slug:kind>/", triggers.rule_page, name="rule"),
    path("warning/rules/<slug:kind>/switch/", triggers.switch, name="rule-switch"),
    path("warning/signals/", signals.signal_list, name="signals"),
    path("warning/signals/new/", signals.new, name="signal-new"),
    path("warning/signals/<int:number>/", signals.signal_page, name="signal"),
    path("warning/signals/<int:number>/alert/", alerts.open_alert, name="alert-new"),
    path("warning/signals/<int:number>/add/", alerts.add_signal, name="alert-add-signal"),
    path("warning/backtest/", backtest.choose, name="backtest"),
    path("warning/backtest/<slug:code>/", backtest.result, name="backtest-of"),
    path("warning/backtest/<slug:code>/csv/", backtest.result_csv, name="backtest-csv"),
    path("warning/forecast/", forecast.choose, name="forecast"),
    path("warning/forecast/<slug:code>/", forecast.result, name="forecast-of"),
    path("warning/forecast/<slug:code>/csv/", forecast.result_csv, name="forecast-csv"),
    path("warning/media/", media.media_list, name="media"),
    path("warning/media/new/", media.new, name="media-new"),
    path("warning/media/feeds/", feeds.feed_list, name="feeds"),
    path("warning/media/feeds/new/", feeds.new, name="feed-new"),
    path("warning/media/feeds/<int:number>/look/", feeds.look, name="feed-look"),
    path("warning/media/feeds/<int:number>/switch/", feeds.switch, name="feed-switch"),
    path("warning/media/feeds/<int:number>/remove/", feeds.remove, name="feed-remove"),
    path("warning/media/<int:number>/aside/", media.aside, name="media-aside"),
    path("warning/media/<int:number>/signal/", media.code, name="media-code"),
    path("warning/alerts/", alerts.alert_list, name="alerts"),
    path("warning/alerts/<int:number>/", alerts.alert_page, name="alert"),
    path("warning/alerts/<int:number>/known/", alerts.write_known, name="alert-known"),
    path("warning/alerts/<int:number>/level/", alerts.set_level, name="alert-level"),
    path("warning/alerts/<int:number>/mute/", alerts.mute, name="alert-mute"),
    path("warning/alerts/<int:number>/unmute/", alerts.unmute, name="alert-unmute"),
    path("warning/alerts/<int:number>/merge/", alerts.merge, name="alert-merge"),
    path("warning/alerts/<int:number>/close/", alerts.close, name="alert-close"),
    path("warning/alerts/<int:number>/reopen/", alerts.reopen, name="alert-reopen"),
    path("warning/alerts/<int:number>/share/", response.share, name="alert-share"),
    path("warning/alerts/<int:number>/share/<int:institution>/end/", response.stop_sharing, name="alert-not-shared"),
    path("warning/alerts/<int:number>/tasks/new/", response.new_task, name="task-new"),
    path("warning/alerts/<int:number>/advice/new/", response.new_advice, name="advice-new"),
    path("warning/alerts/<int:number>/review/", response.review, name="alert-review"),
    path("warning/alerts/<int:number>/statements/new/", statements.begin, name="statement-new"),
    path("warning/alerts/<int:number>/steps/", procedures.tick, name="step-tick"),
    path("warning/procedures/", procedures.procedures, name="procedures"),
    path("warning/procedures/<slug:level>/add/", procedures.add, name="procedure-add"),
    path("warning/procedures/<slug:level>/move/", procedures.move, name="procedure-move"),
    path("warning/procedures/<slug:level>/hide/", procedures.hide, name="procedure-hide"),
    path("warning/procedures/<slug:level>/restore/", procedures.restore, name="procedure-restore"),
    path("warning/statements/", statements.statement_list, name="statements"),
    path("warning/statements/<int:number>/", statements.statement_page, name="statement"),
    path("warning/statements/<int:number>/text/", statements.change, name="statement-text"),
    path("warning/statements/<int:number>/text/<slug:language>/", statements.change, name="statement-text-in"),
    path("warning/statements/<int:number>/sign/", statements.sign, name="statement-sign"),
    path("warning/statements/<int:number>/take-back/", statements.take_back, name="statement-take-back"),
    path("warning/statements/<int:number>/approve/", statements.approve, name="statement-approve"),
    path("warning/statements/<int:number>/invite/", statements.invite, name="statement-invite"),
    path("warning/statements/<int:number>/take-off/<int:institution>/", statements.take_off, name="statement-take-off"),
    path("warning/statements/<int:number>/leave/", statements.leave, name="statement-leave"),
    path("warning/statements/<int:number>/issue/", issuing.issue, name="statement-issue"),
    path("warning/statements/<int:number>/correct/", issuing.correct, name="statement-correct"),
    path("warning/statements/<int:number>/withdraw/", issuing.withdraw, name="statement-withdraw"),
    path("warning/tasks/", response.task_list, name="tasks"),
    path("warning/tasks/<int:number>/tick/", response.tick_task, name="task-tick"),
    path("warning/tasks/<int:number>/approve/", response.approve_task, name="task-approve"),
    path("warning/tasks/<int:number>/hand/", response.hand_task, name="task-hand"),
    path("warning/advice/<int:number>/", response.answer_advice, name="advice"),
    path("warning/record/", response.record, name="alert-record"),
    path("warning/calls/<int:number>/answer/", alerts.answer_call, name="call-answer"),
    path("warning/duty/", duty.focal_points, name="duty"),
    path("warning/duty/<slug:code>/new/", duty.new, name="focal-point-new"),
    path("warning/duty/<int:number>/", duty.focal_point, name="focal-point"),
    path("warning/duty/<int:number>/channels/", duty.channel, name="focal-point-channel"),
    path("warning/duty/<int:number>/move/", duty.move, name="focal-point-move"),
    path("warning/duty/<int:number>/leave/", duty.leave, name="focal-point-leave"),
    path("warning/rota/", rota.rota, name="rota"),
    path("warning/rota/new/", rota.new_shift, name="shift-new"),
    path("warning/rota/put-back/", rota.put_back, name="shift-put-back"),
    path("warning/rota/<int:number>/take-over/", rota.take_over, name="shift-take-over"),
    path("warning/rota/<int:number>/remove/", rota.remove, name="shift-remove"),
    path("warning/drills/", drills.drills, name="drills"),
    path("warning/drills/now/", drills.hold_now, name="drill-now"),
]
